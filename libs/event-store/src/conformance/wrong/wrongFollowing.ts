import { unlessAborted } from '@rapport/platform';
import { StoreError, type EventStore, type FollowOptions, type StoredEvent } from '../../eventStore.ts';
import { wrongStore, type WrongStore } from './wrongStore.ts';

type Batches = AsyncGenerator<readonly StoredEvent[], void, undefined>;

/** Stored events after a position, page by page up to the last one. */
async function* stored(store: EventStore, { after, batchSize }: FollowOptions): Batches {
  for (let at = after; ;) {
    const { events, end } = await store.readAll({ after: at, limit: batchSize });
    if (events.length > 0) yield events;
    if (end) return;
    at = events.at(-1)!.position;
  }
}

/** Nothing, until the signal aborts. */
async function* silence(signal: AbortSignal): Batches {
  await unlessAborted(new Promise(() => undefined), signal);
  yield* [];
}

/** A follower that catches up as it should, and then goes on as `live` does from the last position that it gave. */
function changingOver(
  right: EventStore,
  live: (
    at: number,
    options: FollowOptions,
    given: readonly StoredEvent[],
  ) => AsyncIterable<readonly StoredEvent[]>,
): Pick<EventStore, 'follow'> {
  return {
    async *follow(options) {
      const given: StoredEvent[] = [];
      for await (const batch of stored(right, options)) {
        if (options.signal.aborted) return;
        given.push(...batch);
        yield batch;
      }
      yield* live(given.at(-1)?.position ?? options.after, options, given);
    },
  };
}

const never = (one: WrongStore): WrongStore => ({ ...one, neverEnds: true });

export const WRONG_FOLLOWING: readonly WrongStore[] = [
  never(
    wrongStore(
      'a follower that loses the wake-up',
      (right) => changingOver(right, (_at, { signal }) => silence(signal)),
      'following › gives what is stored, then what is appended, each once and in order',
      'following › waits at the head',
    ),
  ),
  never(
    wrongStore(
      'a change to live with a gap',
      (right) =>
        changingOver(right, async function* (_at, options) {
          const { position } = await right.head();
          yield* right.follow({ ...options, after: position });
        }),
      'following › changes over from catching up to live under load without gap or duplicate',
    ),
  ),
  wrongStore(
    'a change to live that gives some events again',
    (right) =>
      changingOver(right, (_at, options, given) =>
        right.follow({ ...options, after: given.at(-3)?.position ?? options.after }),
      ),
    'following › gives what is stored, then what is appended, each once and in order',
    'following › changes over from catching up to live under load without gap or duplicate',
  ),
  wrongStore(
    'a follower that is given the event at its start as well',
    (right) => ({
      follow: (options) => right.follow({ ...options, after: options.after - 1 }),
    }),
    'following › starts in the middle',
    'following › can be left in the middle and begun again where it was left',
  ),
  never(
    wrongStore(
      'a start before the first position that is taken for the first',
      (right) => ({ follow: (options) => right.follow({ ...options, after: Math.max(-1, options.after) }) }),
      'following › refuses to start before the first position',
    ),
  ),
  wrongStore(
    'followers that share the place of the first of them',
    (right) => {
      let first: number | undefined;
      return { follow: (options) => right.follow({ ...options, after: (first ??= options.after) }) };
    },
    'following › serves many followers, each from its own place',
    'following › can be left in the middle and begun again where it was left',
  ),
  wrongStore(
    'batches of a size that nobody asked for',
    (right) => ({ follow: (options) => right.follow({ ...options, batchSize: undefined }) }),
    'following › never gives a batch above the size asked for',
  ),
  never(
    wrongStore(
      'a follower that is given only what comes while it waits',
      (right) => ({
        async *follow(options) {
          let { after } = options;
          while (!options.signal.aborted) {
            for await (const batch of right.follow({ ...options, after })) {
              yield batch;
              break;
            }
            after = (await right.head()).position;
          }
        },
      }),
      'following › lets a follower work in its own time',
    ),
  ),
  never(
    wrongStore(
      'a follower that does not hear its signal',
      (right) => ({
        follow: (options) => right.follow({ ...options, signal: new AbortController().signal }),
      }),
      'following › ends when the signal aborts: at once, in the middle, while waiting',
    ),
  ),
];

export const WRONG_CLOSING: readonly WrongStore[] = [
  wrongStore(
    'a close that drops what was accepted',
    (right) => ({
      async append(writes) {
        await Promise.resolve();
        return right.append(writes);
      },
    }),
    'closing › finishes what was accepted, then refuses',
  ),
  never(
    wrongStore(
      'a store that goes on after it was closed',
      () => ({ close: async () => undefined }),
      'closing › finishes what was accepted, then refuses',
      'closing › ends followers that wait, that catch up and that come afterwards',
    ),
  ),
  wrongStore(
    'a second close that fails',
    (right) => {
      let closed = false;
      return {
        async close() {
          if (closed) throw new StoreError('closed', 'the event store is closed');
          closed = true;
          await right.close();
        },
      };
    },
    'closing › is safe to call twice, also at the same time',
  ),
];
