import { describe, expect, it } from '@jest/globals';
import { setTimeout as turn } from 'node:timers/promises';
import { appended, batches, ids, newEvent, newStream, write } from '../conformance/fixtures.ts';
import { BEFORE_FIRST, type EventStore, type FollowOptions, NO_STREAM, StoreError } from '../eventStore.ts';
import { MemoryEventStore } from '../memory/memoryEventStore.ts';
import { SharedTail } from './sharedTail.ts';

/** A store whose passes are counted and can be broken off. */
class Watched {
  readonly store = new MemoryEventStore();
  passes = 0;
  break = (): void => undefined;

  async *follow(options: FollowOptions): ReturnType<MemoryEventStore['follow']> {
    this.passes += 1;
    const broken = new Promise<'broken'>((resolve) => (this.break = () => resolve('broken')));
    const source = this.store.follow(options)[Symbol.asyncIterator]();
    for (;;) {
      const next = await Promise.race([source.next(), broken]);
      if (next === 'broken') throw new TypeError('the way to the store broke');
      if (next.done === true) return;
      yield next.value;
    }
  }

  tail(): SharedTail {
    const source: Pick<EventStore, 'head' | 'follow'> = {
      head: () => this.store.head(),
      follow: (options) => this.follow(options),
    };
    return new SharedTail(
      source,
      async (after, limit) => (await this.store.readAll({ after, limit })).events,
      { bytes: 0, limit: Infinity },
    );
  }

  append() {
    return appended(this.store, write(newStream(), NO_STREAM, newEvent()));
  }
}

const { signal } = new AbortController();

describe('one live pass for all who follow', () => {
  it('follows the store once, and gives each follower everything after its place', async () => {
    const watched = new Watched();
    const stored = await watched.append();
    const tail = watched.tail();
    const fromStart = tail.follow({ after: BEFORE_FIRST, signal })[Symbol.asyncIterator]();
    const fromHead = tail.follow({ after: stored[0]!.position, signal })[Symbol.asyncIterator]();
    expect(ids((await fromStart.next()).value!)).toEqual(ids(stored));
    const waiting = [fromStart.next(), fromHead.next()];
    const live = await watched.append();
    for (const { value } of await Promise.all(waiting)) expect(ids(value!)).toEqual(ids(live));
    expect(watched.passes).toBe(1);
    tail.close();
  });

  it('tells everyone when it breaks, and begins anew, without a gap, for who follows again', async () => {
    const watched = new Watched();
    const tail = watched.tail();
    const first = tail.follow({ after: BEFORE_FIRST, signal })[Symbol.asyncIterator]();
    const waiting = first.next();
    const [seen] = await watched.append();
    expect(ids((await waiting).value!)).toEqual([seen!.id]);
    const told = [
      first.next(),
      ...[1, 2].map(() => tail.follow({ after: seen!.position, signal })[Symbol.asyncIterator]().next()),
    ];
    watched.break();
    for (const failing of told) {
      await expect(failing).rejects.toBeInstanceOf(StoreError);
      await expect(failing).rejects.toMatchObject({
        failure: 'unavailable',
        cause: new TypeError('the way to the store broke'),
      });
    }
    const missed = await watched.append();
    const again = tail.follow({ after: seen!.position, signal })[Symbol.asyncIterator]();
    expect(ids((await again.next()).value!)).toEqual(ids(missed));
    const next = again.next();
    const live = await watched.append();
    expect(ids((await next).value!)).toEqual(ids(live));
    expect(watched.passes).toBe(2);
    tail.close();
  });

  it('shows at once what was recorded while the pass began, after who follows had looked', async () => {
    const watched = new Watched();
    let begin = (): void => undefined;
    const slow = new Promise<void>((resolve) => (begin = resolve));
    const tail = new SharedTail(
      {
        // Asked of another replica, or asked again: its answer is the later one.
        head: async () => {
          await slow;
          return watched.store.head();
        },
        follow: (options) => watched.follow(options),
      },
      async (after, limit) => (await watched.store.readAll({ after, limit })).events,
      { bytes: 0, limit: Infinity },
    );
    const follower = tail.follow({ after: BEFORE_FIRST, signal })[Symbol.asyncIterator]();
    const next = follower.next();
    await turn();
    const recorded = await watched.append();
    begin();
    const late = turn(30_000, 'nothing was shown' as const, { ref: false });
    const shown = await Promise.race([next, late]);
    expect(shown).toMatchObject({ value: [{ id: recorded[0]!.id }] });
    tail.close();
  });

  it('ends for everyone when it is closed, also for who comes later', async () => {
    const tail = new Watched().tail();
    const waiting = batches(tail.follow({ after: BEFORE_FIRST, signal }));
    tail.close();
    expect(await waiting).toEqual([]);
    expect(await batches(tail.follow({ after: BEFORE_FIRST, signal }))).toEqual([]);
  });
});
