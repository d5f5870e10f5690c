import { StoreError, type AppendResult, type EventStore, type StreamWrite } from '../../eventStore.ts';
import { uuid } from '../fixtures.ts';
import { headOf, wrongStore, type WrongStore } from './wrongStore.ts';

const idsOf = (writes: readonly StreamWrite[]): readonly string[] =>
  writes.flatMap(({ events }) => events.map(({ id }) => id));

/** A store that does `otherwise` where the right one takes a request for a repeat. */
function repeating(
  right: EventStore,
  otherwise: (writes: readonly StreamWrite[], answer: AppendResult) => Promise<AppendResult>,
): Pick<EventStore, 'append'> {
  const answered = new Set<string>();
  return {
    async append(writes) {
      const answer = await right.append(writes);
      const ids = idsOf(writes);
      if (answer.status === 'conflict' || ids.length === 0) return answer;
      if (ids.every((id) => answered.has(id))) return otherwise(writes, answer);
      ids.forEach((id) => answered.add(id));
      return answer;
    },
  };
}

async function conflict(right: EventStore, writes: readonly StreamWrite[]): Promise<AppendResult> {
  const conflicts = await Promise.all(
    writes.map(async ({ stream, expectedRevision }) => ({
      stream,
      expectedRevision,
      actualRevision: await headOf(right, stream),
    })),
  );
  return {
    status: 'conflict',
    conflicts: conflicts.filter((one) => one.expectedRevision !== one.actualRevision),
  };
}

const withFreshIds = (writes: readonly StreamWrite[]): StreamWrite[] =>
  writes.map((write) => ({ ...write, events: write.events.map((event) => ({ ...event, id: uuid() })) }));

export const WRONG_REPEATING: readonly WrongStore[] = [
  wrongStore(
    'a lost duplicate check',
    (right) => repeating(right, (writes) => conflict(right, writes)),
    'repeating an append › answers the stored events and stores nothing again',
    'repeating an append › does so after later events came',
    'repeating an append › does so over several streams, also when a stream that was only checked has moved since',
    'repeating an append › answers the stored bytes, not those that were sent',
    'repeating an append › answers both of two equal requests that are under way together',
  ),
  wrongStore(
    'a duplicate check that knows the last events of a stream only',
    (right) =>
      repeating(right, async (writes, answer) => {
        const heads = await Promise.all(writes.map(({ stream }) => headOf(right, stream)));
        const last = writes.every(
          ({ expectedRevision, events }, i) => expectedRevision + events.length === heads[i],
        );
        return last ? answer : conflict(right, writes);
      }),
    'repeating an append › does so after later events came',
    'repeating an append › does so over several streams, also when a stream that was only checked has moved since',
  ),
  wrongStore(
    'a repeat that is answered, and stored a second time',
    (right) =>
      repeating(right, async (writes, answer) => {
        const next = await Promise.all(
          withFreshIds(writes.filter(({ events }) => events.length > 0)).map(async (write) => ({
            ...write,
            expectedRevision: await headOf(right, write.stream),
          })),
        );
        await right.append(next);
        return answer;
      }),
    'repeating an append › answers the stored events and stores nothing again',
    'repeating an append › does so after later events came',
    'repeating an append › does so over several streams, also when a stream that was only checked has moved since',
    'repeating an append › answers both of two equal requests that are under way together',
    'concurrent writers › is some serial order of the appends that were accepted, and of nothing else',
  ),
  wrongStore(
    'a repeat that is answered with what was sent',
    (right) =>
      repeating(right, async (writes, answer) => {
        const sent = writes.flatMap(({ events }) => events.map(({ data }) => data));
        return answer.status === 'conflict'
          ? answer
          : { ...answer, events: answer.events.map((event, n) => ({ ...event, data: sent[n]! })) };
      }),
    'repeating an append › answers the stored bytes, not those that were sent',
  ),
  wrongStore(
    'a repeat that is known by one of its events',
    (right) => ({
      async append(writes) {
        const answer = await right.append(writes);
        if (answer.status === 'appended') return answer;
        const ids = new Set(idsOf(writes));
        const stored = await Promise.all(writes.map(({ stream }) => right.readStream(stream)));
        const events = stored.flatMap((slice) => slice.events).filter(({ id }) => ids.has(id));
        return events.length > 0 ? { status: 'appended', events } : answer;
      },
    }),
    'repeating an append › is a conflict when only some events are the stored ones',
  ),
  wrongStore(
    'an event id that is stored in two places',
    (right) => ({
      append: (writes) =>
        right.append(writes).catch((error: unknown) => {
          if (error instanceof StoreError && error.message.includes('already stored')) {
            return right.append(withFreshIds(writes));
          }
          throw error;
        }),
    }),
    'repeating an append › is refused in another stream or at another revision',
    'repeating an append › is refused in another stream while the first is under way, without harm to its neighbours',
  ),
];
