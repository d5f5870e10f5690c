import { describe, expect, it } from '@jest/globals';
import { decodeEvent, isUnreadable } from '@rapport/contracts';
import type { FollowOptions, StoredEvent } from '@rapport/event-store';
import fc from 'fast-check';
import { testCaches } from '@rapport/platform/testing';
import { readAsIs } from '../testing/readAsIs.ts';
import { VirtualTime, settled } from '@rapport/platform/testing';
import type { LogEvent } from './eventLog.ts';
import { SharedLog } from './sharedLog.ts';

/** A store of n events at positions 0, 2, 4, … that counts what is read of it. */
class CountingStore {
  read = 0;
  private readonly events: StoredEvent[] = [];
  private wake: (() => void)[] = [];

  append(count: number, { type = 't', counted = true, text = undefined as string | undefined } = {}): void {
    for (let i = 0; i < count; i++) {
      const n = this.events.length;
      const data = Buffer.from(
        text ?? JSON.stringify({ type, version: 1, stream: 's-1', data: { n, name: '客情' } }),
      );
      this.events.push({
        id: `e${n}`,
        type,
        data,
        position: 2 * n,
        index: counted ? n : null,
        stream: 's-1',
        revision: n,
      });
    }
    for (const wake of this.wake.splice(0)) wake();
  }

  async *follow({ after, signal, batchSize }: FollowOptions): AsyncIterable<readonly StoredEvent[]> {
    for (let at = after; !signal.aborted;) {
      const batch = this.events.filter(({ position }) => position > at).slice(0, batchSize);
      if (batch.length > 0) {
        at = batch.at(-1)!.position;
        this.read += batch.length;
        yield batch;
        continue;
      }
      await new Promise<void>((resolve) => {
        const go = (): void => {
          signal.removeEventListener('abort', go);
          resolve();
        };
        this.wake.push(go);
        signal.addEventListener('abort', go);
      });
    }
  }

  async readCounted(from: number, limit: number): Promise<readonly StoredEvent[]> {
    return this.events.slice(from, from + limit);
  }

  async head(): Promise<{ position: number; index: number }> {
    return { position: 2 * this.events.length - 2, index: this.events.length - 1 };
  }
}

describe('the log that projections share', () => {
  it.each([
    ['no JSON', '{'],
    ['a number', '5'],
    ['null', 'null'],
    ['another event', '{"type":"u"}'],
  ])('hands out what cannot be read as such, with its place, and goes on: %s', async (_, text) => {
    const { store, log } = made(1);
    store.append(1, { text });
    store.append(1);
    const stop = new AbortController();
    const seen: LogEvent[] = [];
    for await (const batch of log.follow(-1, stop.signal)) {
      seen.push(...batch);
      if (seen.length === 3) break;
    }
    const told = seen.map((event) => [event.index, isUnreadable(event) ? event.unreadable : undefined]);
    expect(told).toEqual([
      [0, undefined],
      [1, 'no-envelope'],
      [2, undefined],
    ]);
    expect(seen[1]).toMatchObject({ type: 't', stream: 's-1', revision: 1, position: 2 });
    expect((await log.readCounted(0, 3)).map(isUnreadable)).toEqual([false, true, false]);
  });

  const made = (events: number) => {
    const store = new CountingStore();
    store.append(events);
    const time = new VirtualTime();
    return {
      store,
      time,
      log: new SharedLog(store, 'log-1', time, {
        caches: testCaches(),
        batchSize: 10,
        window: 40,
        patience: 100,
        read: readAsIs,
      }),
    };
  };
  /** Follows until n events were seen; `pause` is awaited after each batch. */
  const follow = async (
    log: SharedLog,
    after: number,
    n: number,
    pause?: () => Promise<void>,
  ): Promise<number[]> => {
    const seen: number[] = [];
    const enough = new AbortController();
    for await (const batch of log.follow(after, enough.signal)) {
      seen.push(...batch.map(({ position }) => position));
      if (seen.length >= n) enough.abort();
      else await pause?.();
    }
    return seen;
  };
  const positions = (from: number, to: number): number[] =>
    Array.from({ length: to - from }, (_, i) => 2 * (from + i));

  it('decodes the envelope and adds the place', async () => {
    const { log } = made(3);
    expect(await log.readCounted(1, 1)).toEqual([
      {
        type: 't',
        version: 1,
        stream: 's-1',
        data: { n: 1, name: '客情' },
        id: 'e1',
        position: 2,
        index: 1,
        revision: 1,
      },
    ]);
  });

  it('names the position of bytes that are no envelope, and not the bytes', () => {
    const data = Buffer.from('secret {');
    const stored = { id: 'e', type: 't', data, position: 7, index: 0, stream: 's-1', revision: 0 };
    expect(() => decodeEvent(stored)).toThrow('position 7');
    expect(() => decodeEvent(stored)).not.toThrow('secret');
  });

  it('is read once for all who start at the same place, and at the head', async () => {
    const { log, store } = made(200);
    const all = [0, 1, 2].map(() => follow(log, -1, 210));
    await settled();
    for (let i = 0; i < 10; i++) {
      store.append(1);
      await settled();
    }
    expect(await Promise.all(all)).toEqual([positions(0, 210), positions(0, 210), positions(0, 210)]);
    expect(store.read).toBe(210);
    expect(log.passes).toBe(0);
  });

  it('waits for the slower one while that goes on, so that it need not read again', async () => {
    const { log, store, time } = made(200);
    const slow = follow(log, -1, 200, () => time.sleep(20));
    const fast = follow(log, -1, 200);
    await time.pass(2_000);
    expect(await slow).toEqual(await fast);
    expect(store.read).toBe(200);
  });

  it('leaves behind who does not go on, and that one still gets everything', async () => {
    const { log, store, time } = made(200);
    let go = (): void => undefined;
    const gone = new Promise<void>((resolve) => (go = resolve));
    const stuck = follow(log, -1, 200, () => gone);
    const fast = follow(log, -1, 200);
    await time.pass(5_000);
    expect(await fast).toEqual(positions(0, 200));
    go();
    await time.pass(5_000);
    expect(await stuck).toEqual(positions(0, 200));
    expect(store.read).toBeGreaterThan(200);
    expect(store.read).toBeLessThan(410);
  });

  it('brings together who meets, and they read as one again', async () => {
    const { log, store, time } = made(100);
    const ahead = follow(log, 150, 60);
    const behind = follow(log, -1, 136);
    await time.pass(1_000);
    expect(log.passes).toBe(1);
    const before = store.read;
    store.append(36);
    await time.pass(1_000);
    expect(await ahead).toEqual(positions(76, 136));
    expect(await behind).toEqual(positions(0, 136));
    expect(store.read - before).toBe(36);
  });

  it('gives everyone every event once and in order, whoever is slow, wherever they start', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ from: fc.integer({ min: 0, max: 60 }), delay: fc.constantFrom(0, 10, 150) }), {
          minLength: 1,
          maxLength: 5,
        }),
        fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 5 }),
        async (followers, appended) => {
          const { log, store, time } = made(100);
          const total = 100 + appended.reduce((sum, n) => sum + n, 0);
          const all = followers.map(({ from, delay }) =>
            follow(log, 2 * from - 1, total - from, delay === 0 ? undefined : () => time.sleep(delay)),
          );
          for (const n of appended) {
            await time.pass(50);
            store.append(n);
          }
          await time.pass(20_000);
          expect(await Promise.all(all)).toEqual(followers.map(({ from }) => positions(from, total)));
          expect(log.passes).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('passes on why the store cannot go on', async () => {
    const time = new VirtualTime();
    const broken = { ...new CountingStore(), follow: () => failing() };
    const log = new SharedLog(broken as never, 'log-1', time, { caches: testCaches() });
    await expect(Promise.all([follow(log, -1, 1), follow(log, -1, 1)])).rejects.toThrow('disk');
  });

  it('leaves out what is not wanted, but never the end of a batch, its last counted event or an uncounted one', async () => {
    const part = fc.record({
      count: fc.integer({ min: 1, max: 12 }),
      type: fc.constantFrom('a', 'b', 'c'),
      counted: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { minLength: 1, maxLength: 12 }),
        fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
        async (parts, types) => {
          const { store, log } = made(0);
          for (const { count, ...kind } of parts) store.append(count, kind);
          const { position: head } = await log.head();
          const every: LogEvent[] = [];
          const some: LogEvent[] = [];
          const reading = new AbortController();
          const read = async (wanted: ReadonlySet<string> | undefined, into: LogEvent[]): Promise<void> => {
            for await (const batch of log.follow(-1, reading.signal, wanted)) {
              const after = into.at(-1)?.position ?? -1;
              into.push(...batch);
              if (wanted !== undefined) {
                // What a projection says of itself: everything up to here, and how many of them count.
                const until = batch.at(-1)!.position;
                const passed = every.filter(({ position }) => position > after && position <= until);
                expect(batch.findLast(({ index }) => index !== null)?.index).toBe(
                  passed.findLast(({ index }) => index !== null)?.index,
                );
              }
              if (batch.at(-1)!.position === head) return;
            }
          };
          await read(undefined, every);
          await read(new Set(types), some);
          reading.abort();
          expect(every.map(({ position }) => position / 2)).toEqual(every.map((_, n) => n));
          const needed = every.filter(
            ({ type, index }) => new Set<string>(types).has(type) || index === null,
          );
          expect(some).toEqual(expect.arrayContaining(needed));
          expect(some.map(({ position }) => position)).toEqual(
            [...new Set(some.map(({ position }) => position))].sort((x, y) => x - y),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

// eslint-disable-next-line require-yield
async function* failing(): AsyncIterable<readonly StoredEvent[]> {
  throw new Error('disk');
}
