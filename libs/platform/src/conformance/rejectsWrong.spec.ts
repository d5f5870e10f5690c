import { expect as expected, describe as group, it as test } from '@jest/globals';
import { acceptingRules, rejectingRules, unguardedRules } from './rejectsWrong.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, rulesOf } from './rules.ts';
import { withFault, type WrongImplementation } from './wrongImplementation.ts';

/** The port of an example. */
interface Counter {
  next(): Promise<number>;
  reset(): void;
}

class RightCounter implements Counter {
  #count = 0;
  async next(): Promise<number> {
    return (this.#count += 1);
  }
  reset(): void {
    this.#count = 0;
  }
}

type MakeCounter = () => Counter;

function counterConformance(name: string, make: MakeCounter): void {
  describe(name, () => {
    let counter: Counter;
    beforeEach(() => {
      counter = make();
    });
    describe('counting', () => {
      it.each([
        ['one', 1],
        ['two', 2],
      ])('counts to %s', async (_word, count) => {
        for (let n = 1; n < count; n += 1) await counter.next();
        expect(await counter.next()).toBe(count);
      });
      it.skip('counts beyond what the engine can', () => undefined);
    });
    it('begins again', async () => {
      await counter.next();
      counter.reset();
      expect(await counter.next()).toBe(1);
    });
  });
}

const suite = (make: MakeCounter) => counterConformance('a counter', make);
const right: MakeCounter = () => new RightCounter();

const wrong = (
  fault: (counter: Counter) => Partial<Counter>,
  rejectedBy: readonly string[],
  neverEnds?: true,
): WrongImplementation<MakeCounter> => ({
  fault: 'a fault',
  make: (make) => () => {
    const counter = make();
    return withFault(counter, fault(counter));
  },
  rejectedBy,
  ...(neverEnds && { neverEnds }),
});
const stuck = () => ({ next: async () => 1 });
const keeping = () => ({ reset: () => undefined });

group('the rules of a conformance suite', () => {
  test('are named by their groups and rows, without the adapter; what an engine cannot do is none', () => {
    expected(rulesOf(() => suite(right)).map(({ name }) => name)).toEqual([
      'counting › counts to one',
      'counting › counts to two',
      'begins again',
    ]);
  });

  test('are each run with all that stands around them, outer first, and inner first afterwards', async () => {
    const steps: string[] = [];
    const rules = rulesOf(() =>
      describe('adapter', () => {
        beforeAll(() => void steps.push('before all'));
        beforeEach(() => void steps.push('before each'));
        afterEach(() => void steps.push('after each'));
        afterAll(() => void steps.push('after all'));
        describe.each(['inner'])('%s', (name) => {
          beforeEach(() => void steps.push(`before ${name}`));
          afterEach(() => void steps.push(`after ${name}`));
          it('first', () => void steps.push('first'));
          it('second', () => void steps.push('second'));
        });
      }),
    );
    const second = rules.find(({ name }) => name === 'inner › second')!;
    await second.prepare();
    await second.check();
    await second.dispose();
    expected(steps).toEqual([
      'before all',
      'before each',
      'before inner',
      'second',
      'after inner',
      'after each',
      'after all',
    ]);
  });

  test('are named by the values of their rows, however the title writes them', () => {
    const rows = () =>
      describe('adapter', () => {
        it.each([[4, { a: 1 }, 'rest']])('dies at %i with %j', () => undefined);
        it.each(['x', 'y'])('takes %s', () => undefined);
      });
    expected(rulesOf(rows).map(({ name }) => name)).toEqual(['dies at 4 with {"a":1}', 'takes x', 'takes y']);
  });

  test('are told apart by their names', () => {
    const twice = () =>
      describe('adapter', () => {
        it('same', () => undefined);
        it('same', () => undefined);
      });
    expected(() => rulesOf(twice)).toThrow('two rules are called same');
    expected(rulesOf(() => suite(right))).toHaveLength(3);
  });
});

group('a conformance suite that is tested itself', () => {
  test('accepts the right implementation and says which rules do not', async () => {
    expected(await rejectingRules(suite, right)).toEqual([]);
    expected(await rejectingRules(suite, () => withFault(new RightCounter(), keeping()))).toEqual([
      'begins again',
    ]);
  });

  test('is red where a rule has no wrong implementation', () => {
    expected(unguardedRules(suite, right, [wrong(stuck, ['counting › counts to two'])])).toEqual([
      'counting › counts to one',
      'begins again',
    ]);
    const all = [wrong(stuck, ['counting › counts to *']), wrong(keeping, ['begins again'])];
    expected(unguardedRules(suite, right, all)).toEqual([]);
  });

  test('is red where a rule does not reject what it is to find, each rule of a * for itself', async () => {
    expected(await acceptingRules(suite, right, wrong(keeping, ['begins again']))).toEqual([]);
    expected(await acceptingRules(suite, right, wrong(stuck, ['counting › counts to *']))).toEqual([
      'counting › counts to one',
    ]);
  });

  test('is red where a wrong implementation names no rule', async () => {
    const renamed = wrong(keeping, ['begins again', 'begins once more']);
    expected(await acceptingRules(suite, right, renamed)).toEqual(['begins once more']);
  });

  test('takes a rule that waits for ever for one that rejects, where the fault is of that kind', async () => {
    const silent = () => ({ next: () => new Promise<number>(() => undefined) });
    expected(await acceptingRules(suite, right, wrong(silent, ['begins again'], true))).toEqual([]);
  });

  test('is red where a rule stumbles instead of judging', async () => {
    const broken = () => ({ next: undefined as never });
    await expected(acceptingRules(suite, right, wrong(broken, ['begins again']))).rejects.toThrow(TypeError);
  });
});
