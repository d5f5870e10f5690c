import { notFound, unlessAborted } from '@rapport/platform';
import type { ReadEvent } from '@rapport/contracts';
import type { Ledger } from '../../ledger/ledger.ts';
import { wrongLedger, type WrongLedger } from './wrongLedger.ts';

const never = (one: WrongLedger): WrongLedger => ({ ...one, neverEnds: true });

/** What is stored after a position, up to the head of now. */
async function* stored(
  right: Ledger,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<readonly ReadEvent[], void, undefined> {
  const { position } = await right.head();
  if (after >= position) return;
  for await (const batch of right.follow(after, signal)) {
    yield batch;
    if (batch.at(-1)!.position >= position) return;
  }
}

export const WRONG_READING: readonly WrongLedger[] = [
  wrongLedger(
    'a stream of which one page is read',
    (right) => ({
      readStream: async (stream, from) => (await right.readStream(stream, from)).slice(0, 1_000),
    }),
    'reading › reads a stream of many pages whole, from a revision on, and its last event',
  ),
  wrongLedger(
    'a stream that is read after its revision',
    (right) => ({
      readStream: (stream, from) => right.readStream(stream, from === 0 ? 0 : from + 1),
    }),
    'reading › reads a stream of many pages whole, from a revision on, and its last event',
  ),
  wrongLedger(
    'a limit that nobody heeds',
    (right) => ({ readStream: (stream, from) => right.readStream(stream, from) }),
    'reading › reads no more of a stream than is asked for',
  ),
  wrongLedger(
    'a last event that is the first',
    (right) => ({ readLast: async (stream) => (await right.readStream(stream, 0))[0] }),
    'reading › reads a stream of many pages whole, from a revision on, and its last event',
  ),
  wrongLedger(
    'a stream that must exist to be read',
    (right) => ({
      async readStream(stream, from) {
        const events = await right.readStream(stream, from);
        if (events.length === 0) throw notFound('stream');
        return events;
      },
    }),
    'reading › knows nothing of a stream that does not exist',
  ),
];

export const WRONG_FOLLOWING: readonly WrongLedger[] = [
  never(
    wrongLedger(
      'a follower that loses the wake-up',
      (right) => ({
        async *follow(after, signal) {
          yield* stored(right, after, signal);
          await unlessAborted(new Promise(() => undefined), signal);
        },
      }),
      'following › gives what is stored, then what is recorded, each once and in order, to all who follow',
      'following › waits at the head, and ends when nobody wants more',
    ),
  ),
  never(
    wrongLedger(
      'followers of whom only the first is given anything',
      (right) => {
        let followers = 0;
        return {
          async *follow(after, signal, categories) {
            followers += 1;
            if (followers === 1) yield* right.follow(after, signal, categories);
            else await unlessAborted(new Promise(() => undefined), signal);
          },
        };
      },
      'following › gives what is stored, then what is recorded, each once and in order, to all who follow',
    ),
  ),
  wrongLedger(
    'a follower that is given some events twice',
    (right) => ({
      async *follow(after, signal, categories) {
        for await (const batch of right.follow(after, signal, categories)) yield [batch[0]!, ...batch];
      },
    }),
    'following › gives what is stored, then what is recorded, each once and in order, to all who follow',
  ),
  wrongLedger(
    'a follower of all categories',
    (right) => ({ follow: (after, signal) => right.follow(after, signal) }),
    'following › shows only events of the categories that are asked for, and misses none of them',
  ),
  never(
    wrongLedger(
      'a follower of the first category alone',
      (right) => ({
        follow: (after, signal, categories) => right.follow(after, signal, categories?.slice(0, 1)),
      }),
      'following › shows only events of the categories that are asked for, and misses none of them',
    ),
  ),
  wrongLedger(
    'a follower that ends at the head',
    (right) => ({ follow: (after, signal) => stored(right, after, signal) }),
    'following › waits at the head, and ends when nobody wants more',
  ),
  never(
    wrongLedger(
      'a follower that does not hear its signal',
      (right) => ({
        follow: (after, _signal, categories) => right.follow(after, new AbortController().signal, categories),
      }),
      'following › waits at the head, and ends when nobody wants more',
    ),
  ),
];
