import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inTime } from '../clock/inTime.ts';
import { rulesOf, type Rule } from './rules.ts';
import type { WrongImplementation } from './wrongImplementation.ts';

/** How long a rule may wait for what never comes. Nothing else here depends on time. */
const NEVER_MS = 1_000;

const STUMBLES: ReadonlySet<string> = new Set(['TypeError', 'ReferenceError', 'SyntaxError']);

/** A conformance suite: registers its rules for what `make` makes. */
export type Suite<Make> = (make: Make) => void;

/**
 * Tests a conformance suite itself: its rules accept the right implementation, each of them rejects a wrong one that
 * names it, and every rule is named by one. A rule that is weakened, or added without a fault that it finds, is red.
 */
export function rejectsWrong<Make>(
  name: string,
  suite: Suite<Make>,
  right: Make,
  wrong: readonly WrongImplementation<Make>[],
): void {
  // That a rule rejects is enough: nobody reads the smallest example.
  fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });
  describe(`the conformance of ${name}`, () => {
    it('accepts the right implementation', async () => {
      expect(await rejectingRules(suite, right)).toEqual([]);
    });

    it('has a wrong implementation for every rule', () => {
      expect(unguardedRules(suite, right, wrong)).toEqual([]);
    });

    it('calls every wrong implementation by a name of its own', () => {
      const faults = wrong.map(({ fault }) => fault);
      expect(faults.filter((fault, i) => faults.indexOf(fault) !== i)).toEqual([]);
    });

    it.each(wrong.map((one) => [one.fault, one] as const))('rejects %s', async (_fault, one) => {
      expect(await acceptingRules(suite, right, one)).toEqual([]);
    });
  });
}

/** Rules that reject what they should accept. */
export async function rejectingRules<Make>(suite: Suite<Make>, right: Make): Promise<readonly string[]> {
  const found: string[] = [];
  for (const rule of rulesOf(() => suite(right))) if (!(await accepts(rule))) found.push(rule.name);
  return found;
}

/** Rules that no wrong implementation names: nothing shows that they reject anything. */
export function unguardedRules<Make>(
  suite: Suite<Make>,
  right: Make,
  wrong: readonly WrongImplementation<Make>[],
): readonly string[] {
  const patterns = wrong.flatMap(({ rejectedBy }) => rejectedBy.map(matcher));
  const names = rulesOf(() => suite(right)).map((rule) => rule.name);
  return names.filter((rule) => !patterns.some((pattern) => pattern.test(rule)));
}

/** What a wrong implementation says rejects it and does not: rules that accept it, names that no rule has. */
export async function acceptingRules<Make>(
  suite: Suite<Make>,
  right: Make,
  { make, rejectedBy, neverEnds }: WrongImplementation<Make>,
): Promise<readonly string[]> {
  const rules = rulesOf(() => suite(make(right)));
  const found = rejectedBy.filter((pattern) => !rules.some((rule) => matcher(pattern).test(rule.name)));
  const named = rules.filter((rule) => rejectedBy.some((pattern) => matcher(pattern).test(rule.name)));
  // One after the other: each is given an implementation of its own.
  for (const rule of named) if (await accepts(rule, neverEnds)) found.push(rule.name);
  return found;
}

/** @throws what the rule stumbles over */
async function accepts(rule: Rule, neverEnds = false): Promise<boolean> {
  await rule.prepare();
  try {
    const checking = rule.check();
    await (neverEnds ? inTime(checking, NEVER_MS, () => new Error('waits for what never comes')) : checking);
    return true;
  } catch (reason) {
    // Who stumbles has judged nothing: the rule, or the wrong implementation, is broken.
    if (reason instanceof Error && STUMBLES.has(reason.name)) throw reason;
    return false;
  } finally {
    await rule.dispose();
  }
}

/** Of a rule's name; `*` is any text. */
function matcher(pattern: string): RegExp {
  const parts = pattern.split('*').map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
