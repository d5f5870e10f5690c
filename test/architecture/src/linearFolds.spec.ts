import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { COUNTED_CATEGORIES, type Category, type RecordedEvent } from '@rapport/contracts';
import { eventsOfStream, type Generate } from './eventsOfStream.ts';
import { freshSlots } from './freshSlots.ts';
import { sources } from './sources.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const LENGTH = 20_000;
const LOOKED_AT = [1_000, 1_001, 1_002, 1_003, 1_004, 1_005, 1_006, 1_007];
/** A step in a tree of 32 branches is five levels of them; a copy of what 1,000 events leave is more. */
const MOST_SLOTS = 400;

interface Fold {
  readonly initial: unknown;
  evolve(state: unknown, event: RecordedEvent): unknown;
}

/** Every fold of events into a state, and the streams that it folds. */
const CATEGORIES: Readonly<Record<string, Category>> = {
  campaignDecider: 'campaign',
  customerDecider: 'customer',
  customerFold: 'customer',
  improvementDecider: 'improvement',
  interactionDecider: 'interaction',
  parkingDecider: 'parking',
  personDecider: 'person',
  policyDecider: 'policy',
  progressDecider: 'demo',
  purchasesDecider: 'purchases',
  reactionDecider: 'reaction',
  riskDecider: 'risk',
  serviceRecordDecider: 'serviceRecord',
  standingDecider: 'standing',
  standingFold: 'standing',
  surveyDecider: 'survey',
  ticketDecider: 'ticket',
};
/** Streams that hold one event, or none that is folded. */
const NOT_FOLDED: readonly Category[] = ['creditCode', 'log'];

const DEFINES_A_FOLD = /^\s*evolve(:|\(|,)/m;
/** The interface, and what only specs fold. */
const NO_FOLD = /\/decider\/decider\.ts$|\/testing\//;

const files = ['libs', 'services']
  .flatMap((folder) => sources(join(ROOT, folder)))
  .filter((path) => !path.endsWith('.spec.ts') && !NO_FOLD.test(path))
  .filter((path) => DEFINES_A_FOLD.test(readFileSync(path, 'utf8')));

describe('a fold of events into a state', () => {
  const folds = new Map<string, Fold>();
  const hidden: string[] = [];
  let generate: Generate;

  beforeAll(async () => {
    for (const path of files) {
      const found = Object.entries((await import(path)) as object).filter(([, value]) => isFold(value));
      if (found.length === 0) hidden.push(relative(ROOT, path));
      for (const [name, fold] of found) folds.set(name, fold as Fold);
    }
    const generator = join(ROOT, 'libs/privacy/src/sealing/generatedEvents.ts');
    generate = ((await import(generator)) as { generatedData: Generate }).generatedData;
  });

  it('is exported and known here, with the streams that it folds', () => {
    expect(hidden).toEqual([]);
    expect([...folds.keys()].sort()).toEqual(Object.keys(CATEGORIES).sort());
    const known = new Set([...Object.values(CATEGORIES), ...NOT_FOLDED]);
    expect(COUNTED_CATEGORIES.filter((category) => !known.has(category))).toEqual([]);
  });

  it.each(Object.keys(CATEGORIES))(
    'is linear: an event costs %s no more after 20,000 others than a copy of what a few left',
    (name) => {
      const { initial, evolve } = folds.get(name)!;
      const looked = new Set([...LOOKED_AT, ...LOOKED_AT.map((n) => LENGTH - n + LOOKED_AT[0]!)]);
      let state = initial;
      let n = 0;
      let most = 0;
      for (const event of eventsOfStream(CATEGORIES[name]!, LENGTH, generate)) {
        const before = state;
        state = evolve(state, event);
        n += 1;
        if (looked.has(n)) most = Math.max(most, freshSlots(before, state));
      }
      expect(most).toBeLessThan(MOST_SLOTS);
    },
  );
});

function isFold(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'evolve' in value && 'initial' in value;
}
