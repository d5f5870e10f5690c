import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Counters } from '../counts/counters.ts';
import type { TestEvent } from '../testing/arrayLog.ts';
import { ArrayLog } from '../testing/arrayLog.ts';
import { documentCaches } from '../testing/documentCaches.ts';
import { dyingAt } from '../testing/faultyStore.ts';
import type { Interfere } from '../testing/faultyStore.ts';
import { expectedView } from '../testing/independentFold.ts';
import { Poison, POISON } from '../testing/poison.ts';
import { ViewBench } from '../testing/viewBench.ts';
import { settled } from '@rapport/platform/testing';
import { MemoryViewStore } from '../memory/memoryViewStore.ts';
import type { ViewStoreFailure } from '../viewStoreError.ts';
import type { ProjectionRunner } from './projectionRunner.ts';

/** What each poison does to the view for as long as it is not repaired, in words of the independent fold. */
const UNREPAIRED = {
  [POISON.keys]: 'unknown-keys',
  [POISON.event]: 'unreadable',
  [POISON.opener]: 'fails',
  [POISON.fold]: 'fails',
  [POISON.store]: 'fails',
} as const;

const customer = fc.constantFrom('c1', 'c2', 'c3', 'c4');
const event: fc.Arbitrary<TestEvent> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('Purchased'), customer, n: fc.nat(9) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('Purchased'),
      customer,
      n: fc.constantFrom(...Object.values(POISON)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('Registered', 'Viewed', 'Noise'), customer }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant('Referred'), customer, n: fc.integer({ min: 1, max: 4 }) }),
  },
);

class PoisonBench {
  readonly bench: ViewBench;
  readonly log: ArrayLog;
  readonly poison: Poison;
  readonly runners: ProjectionRunner[] = [];
  readonly caches = documentCaches(1_000_000);

  constructor({ batchSize = 3, refusal = 'invalid' as ViewStoreFailure } = {}) {
    this.poison = new Poison(refusal);
    this.log = new ArrayLog('log-1', batchSize);
    const store = this.poison.store(new MemoryViewStore());
    this.bench = new ViewBench(this.log, store, this.poison.projection);
  }

  start(owner: string, interfere?: Interfere): ProjectionRunner {
    const { poison } = this;
    const log = poison.log(this.log);
    const { readCounted } = log;
    log.readCounted = async (...page) => {
      await this.onRead();
      return readCounted(...page);
    };
    return this.bench.start(owner, interfere, { opener: poison.opener, log, caches: this.caches });
  }

  /** Called before each page that is read to let keys go. */
  onRead: () => Promise<void> = async () => undefined;

  /** Everything that is parked is let go, again and again until nothing is. */
  async unparkAll(runner: ProjectionRunner, inOrder: (keys: string[]) => string[] = (keys) => keys) {
    const { store, id } = this.bench;
    for (let round = 0; round < 5; round++) {
      const parked = await store.control.parked(id, { limit: 1_000 });
      for (const key of inOrder(parked.map(({ key }) => key))) await runner.unpark(id, key);
    }
  }

  async counts(): Promise<{ kept: unknown; counted: unknown }> {
    const { store, projection, id } = this.bench;
    const collection = await store.open(projection);
    return {
      kept: (await store.control.loadCheckpoint(id))?.counts?.groups,
      counted: (await Counters.over(collection, projection.counts!)).counts,
    };
  }
}

describe('a poison event or document', () => {
  let given = new PoisonBench();
  afterEach(() => given.bench.stop());
  const bought = (customer: string, n: number): TestEvent => ({ type: 'Purchased', customer, n });
  const referred = (customer: string, n: number): TestEvent => ({ type: 'Referred', customer, n });

  it.each<[string, keyof typeof POISON, string, string]>([
    ['whose keys the projection cannot say', 'keys', 'stream:customer-c1', 'RangeError'],
    ['that this release cannot read', 'event', 'stream:customer-c1', 'unknown-version'],
    ['whose sealed fields do not open', 'opener', 'c1', 'SyntaxError'],
    ['that the fold does not take', 'fold', 'c1', 'TypeError'],
    ['whose document the store refuses', 'store', 'c1', 'ViewStoreError invalid'],
  ])('parks its key and the view goes on: an event %s', async (_, kind, key, reason) => {
    given = new PoisonBench();
    given.log.append(bought('c1', 1), bought('c1', POISON[kind]), bought('c2', 2), bought('c1', 3));
    const runner = given.start('one');
    await given.bench.caughtUp();
    const { documents } = await given.bench.view();
    expect(documents).toMatchObject({ c1: { history: ['purchased 1'] }, c2: { history: ['purchased 2'] } });
    expect(given.bench.told.filter((what) => what.includes('parked'))).toEqual([
      `one: parked ${key} at 1: ${reason}`,
    ]);
    expect((await runner.status())[0]).toMatchObject({ state: 'owner', lag: 0 });
  });

  it.each(Object.entries(POISON))('loses nothing: after unparking everything is there (%s)', async (_, n) => {
    given = new PoisonBench();
    given.log.append(bought('c1', 1), bought('c1', n), referred('c2', 1), bought('c1', 3), bought('c3', n));
    const runner = given.start('one');
    await given.bench.caughtUp();
    given.poison.repaired = true;
    await given.unparkAll(runner);
    expect(await given.bench.view()).toEqual(expectedView(given.log.events));
    const { kept, counted } = await given.counts();
    expect(kept).toEqual(counted);
    given.log.append(bought('c1', 5), bought('c3', 5));
    await given.bench.caughtUp();
    expect(await given.bench.view()).toEqual(expectedView(given.log.events));
  });

  it('takes no room for documents that went with the refusal of another', async () => {
    given = new PoisonBench();
    const heldBytes = (): number => given.caches.use.find(({ name }) => name === 'documents')!.bytes!;
    const all = ['c1', 'c2', 'c3', 'c4'].map((customer) => bought(customer, 1));
    given.log.append(...all);
    given.start('one');
    await given.bench.caughtUp();
    const held = heldBytes();
    for (const customer of ['p1', 'p2', 'p3']) {
      given.log.append(bought(customer, POISON.store), ...all);
      await given.bench.caughtUp();
    }
    expect(heldBytes() / held).toBeLessThan(2);
  });

  it('alerts once for a stream, not for each document that waits with it, nor again after a restart', async () => {
    given = new PoisonBench();
    given.log.append(bought('c1', POISON.keys), referred('c1', 2), referred('c1', 3), referred('c4', 1));
    const first = given.start('one');
    await given.bench.caughtUp();
    await first.stop();
    given.start('two');
    given.log.append(referred('c1', 4));
    await given.bench.caughtUp();
    expect((await given.bench.view()).parked).toEqual({
      'stream:customer-c1': 0,
      c1: 1,
      c2: 1,
      c3: 2,
      c4: 4,
    });
    expect(given.bench.told.filter((what) => what.includes('parked'))).toEqual([
      'one: parked stream:customer-c1 at 0: RangeError',
    ]);
  });

  it.each(['keys', 'event'] as const)(
    'comes back by itself with a release that can tell what it touches, and tells nobody again: %s',
    async (kind) => {
      given = new PoisonBench();
      given.log.append(bought('c1', POISON[kind]), referred('c2', 1), bought('c1', 2), bought('c3', -1));
      const first = given.start('one');
      await given.bench.caughtUp();
      await first.stop();
      given.start('the same release');
      await given.bench.time.until(() => given.bench.told.includes('the same release: acquired 2'));
      await given.bench.time.pass(1_000);
      expect((await given.bench.view()).parked).toMatchObject({
        'stream:customer-c1': 0,
        c1: expect.any(Number),
      });
      await given.bench.stop();
      given.poison.repaired = true;
      const { bench, log, poison } = given;
      given = new PoisonBench();
      Object.assign(given, { log, poison, bench: new ViewBench(log, bench.store, poison.projection) });
      given.start('the next release');
      await given.bench.time.until(async () => Object.keys((await given.bench.view()).parked).length === 1);
      expect(await given.bench.view()).toEqual(expectedView(log.events));
      expect(given.bench.told.filter((what) => what.includes(': parked'))).toEqual([]);
      const { kept, counted } = await given.counts();
      expect(kept).toEqual(counted);
    },
  );

  it('comes back by itself where its owner died while it let the stream go', async () => {
    for (let step = 10; step < 40; step += 3) {
      given = new PoisonBench();
      given.log.append(bought('c1', POISON.keys), referred('c1', 2), bought('c1', 2), referred('c3', 1));
      const first = given.start('one');
      await given.bench.caughtUp();
      await first.stop();
      given.poison.repaired = true;
      given.start('dies', dyingAt(step, 'after'));
      await given.bench.time.pass(1_000);
      given.start('successor');
      await given.bench.time.until(async () => Object.keys((await given.bench.view()).parked).length === 0);
      expect(await given.bench.view()).toEqual(expectedView(given.log.events));
      await given.bench.stop();
    }
  });

  it('folds anew what went on without the poison event, also where that leaves the index as it was', async () => {
    given = new PoisonBench();
    given.log.append(bought('c1', POISON.keys), referred('c2', 1));
    const runner = given.start('one');
    await given.bench.caughtUp();
    // c1 has been changed by another stream behind the event that it misses.
    expect((await given.bench.view()).documents['c1']).toEqual({
      spend: 0,
      history: ['was referred by c2'],
    });
    given.poison.repaired = true;
    expect(await runner.unpark(given.bench.id, 'stream:customer-c1')).toEqual({ status: 'unparked' });
    expect(await given.bench.view()).toEqual(expectedView(given.log.events));
  });

  it('folds anew what changes less with the event that it missed', async () => {
    given = new PoisonBench();
    const { projection } = given.poison;
    // Whoever bought is not referred any more.
    projection.fold = (body, { type }) => {
      if (type.endsWith('Purchased')) return { bought: true };
      return body?.['bought'] === true ? body : { bought: false, referred: true };
    };
    given.log.append({ type: 'Registered', customer: 'c1' }, bought('c1', POISON.keys), referred('c2', 1));
    const runner = given.start('one');
    await given.bench.caughtUp();
    expect((await given.bench.view()).documents['c1']).toEqual({ bought: false, referred: true });
    given.poison.repaired = true;
    expect(await runner.unpark(given.bench.id, 'stream:customer-c1')).toEqual({ status: 'unparked' });
    expect((await given.bench.view()).documents['c1']).toEqual({ bought: true });
    expect(given.bench.told.filter((what) => what.includes('fenced'))).toEqual([]);
  });

  it('folds nothing into a document that comes back, whatever arrives while the log is walked', async () => {
    given = new PoisonBench();
    given.log.append(bought('c1', 1), bought('c1', POISON.keys));
    const runner = given.start('one');
    await given.bench.caughtUp();
    given.poison.repaired = true;
    let reads = 0;
    given.onRead = async () => {
      if (++reads === 1 || reads > 6) return;
      given.log.append(referred('c2', 1));
      await given.bench.time.pass(100);
    };
    expect(await runner.unpark(given.bench.id, 'stream:customer-c1')).toEqual({ status: 'unparked' });
    await given.bench.caughtUp();
    expect(await given.bench.view()).toEqual(expectedView(given.log.events));
    expect(given.bench.told.filter((what) => what.includes('fenced'))).toEqual([]);
  });

  it('leaves a document parked that waits with its stream until the stream is let go', async () => {
    given = new PoisonBench();
    given.log.append(bought('c1', POISON.keys), bought('c1', 1));
    const runner = given.start('one');
    await given.bench.caughtUp();
    for (const repaired of [false, true]) {
      given.poison.repaired = repaired;
      expect(await runner.unpark(given.bench.id, 'c1')).toMatchObject({
        status: 'parked',
        entry: { index: 1, reason: 'HeldByStream' },
      });
    }
    expect((await given.bench.view()).documents).toEqual({});
  });

  it('tells which key waits still where one of a stream’s documents fails again', async () => {
    given = new PoisonBench();
    given.log.append(bought('c1', POISON.keys), bought('c1', -1), bought('c1', 7));
    const runner = given.start('one');
    await given.bench.caughtUp();
    given.poison.repaired = true;
    const answer = await runner.unpark(given.bench.id, 'stream:customer-c1');
    expect(answer).toMatchObject({ status: 'parked', entry: { key: 'c1', index: 1, reason: 'RangeError' } });
    expect(await given.bench.view()).toEqual(expectedView(given.log.events));
  });

  it('keeps a stream parked at its next poison event, and lets the documents before that go on', async () => {
    given = new PoisonBench();
    given.log.append(bought('c1', POISON.keys), bought('c1', 1), bought('c1', POISON.event), bought('c1', 2));
    const runner = given.start('one');
    await given.bench.caughtUp();
    const stream = 'stream:customer-c1';
    given.poison.repairedAmounts.add(POISON.keys);
    expect(await runner.unpark(given.bench.id, stream)).toMatchObject({
      status: 'parked',
      entry: { key: stream, index: 2, reason: 'unknown-version' },
    });
    const poison = { [POISON.event]: 'unreadable' } as const;
    expect(await given.bench.view()).toEqual(expectedView(given.log.events, { poison }));
    given.poison.repaired = true;
    expect(await runner.unpark(given.bench.id, stream)).toEqual({ status: 'unparked' });
    await given.unparkAll(runner);
    expect(await given.bench.view()).toEqual(expectedView(given.log.events));
  });

  it.each<ViewStoreFailure>(['refused', 'invalid', 'unexpected'])(
    'is told from a store that fails: %s',
    async (refusal) => {
      given = new PoisonBench({ refusal, batchSize: 50 });
      const many = Array.from({ length: 30 }, (_, n) => bought(`c${n}`, n === 17 ? POISON.store : 1));
      given.log.append(...many, ...many);
      let away = false;
      given.start('one', (name, perform) => {
        if (away && name === 'view.write') throw new Error('no driver today');
        return perform();
      });
      await given.bench.caughtUp();
      expect((await given.bench.view()).parked).toEqual({ c17: 17 });
      away = true;
      given.log.append(bought('c1', 9));
      await given.bench.time.pass(1_000);
      // Nothing at all can be written: that is no document's fault.
      expect((await given.bench.view()).parked).toEqual({ c17: 17 });
      away = false;
    },
  );

  it('equals an independent fold while it waits, and after any unparking, whatever crashes meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(event, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 3 }),
        fc.array(event, { maxLength: 6 }),
        fc.array(
          fc.record({ step: fc.integer({ min: 1, max: 40 }), when: fc.constantFrom('before', 'after') }),
          { maxLength: 3 },
        ),
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom<ViewStoreFailure>('refused', 'invalid', 'unexpected'),
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        async (parts, late, crashes, batchSize, refusal, slow, chance) => {
          given = new PoisonBench({ batchSize, refusal });
          const { bench, log, poison } = given;
          const shuffled = (keys: string[]): string[] =>
            keys
              .map((key) => ({ key, at: chance.next().value as number }))
              .sort((a, b) => a.at - b.at)
              .map(({ key }) => key);
          for (const [i, part] of parts.entries()) {
            log.append(...part);
            const crash = crashes[i];
            if (crash === undefined) continue;
            const victim = given.start(`victim-${i}`, dyingAt(crash.step, crash.when));
            await bench.time.pass(2_000);
            void victim.stop();
          }
          const slowly: Interfere = async (name, perform) => {
            if (['view.write', 'control.park', 'control.saveCheckpoint'].includes(name))
              await bench.time.sleep(10);
            return perform();
          };
          const runner = given.start('owner', slow ? slowly : undefined);
          await bench.caughtUp();
          expect(await bench.view()).toEqual(expectedView(log.events, { poison: UNREPAIRED }));
          const counts = await given.counts();
          expect(counts.kept).toEqual(counts.counted);

          poison.repaired = true;
          const parked = shuffled(Object.keys((await bench.view()).parked));
          // Some are let go while more arrives, and an owner that dies at it leaves nothing half done.
          const crash = crashes[0];
          if (crash !== undefined) {
            await bench.during(runner.stop());
            const victim = given.start('dies at unparking', dyingAt(crash.step + 6, crash.when));
            await bench.time.pass(200);
            for (const key of parked) await victim.unpark(bench.id, key).catch(() => undefined);
            void victim.stop();
            await bench.time.pass(2_000);
          }
          const last = crash === undefined ? runner : given.start('last');
          const owns = (): boolean => bench.told.some((what) => what.startsWith('last: acquired'));
          await bench.time.until(() => last === runner || owns());
          // More arrives while the log is walked.
          given.onRead = async () => {
            log.append(...late.splice(0, 1));
            for (let turn = 0; turn < (chance.next().value as number) % 4; turn++) await settled();
          };
          await bench.during(given.unparkAll(last, shuffled));
          await bench.caughtUp();
          expect(await bench.view()).toEqual(expectedView(log.events));
          const after = await given.counts();
          expect(after.kept).toEqual(after.counted);
          await bench.stop();
        },
      ),
      { numRuns: 150 },
    );
  });
});
