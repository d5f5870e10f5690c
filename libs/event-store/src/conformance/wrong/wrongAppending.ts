import type { AppendResult, EventStore, StoredEvent, StreamWrite } from '../../eventStore.ts';
import { newEvent } from '../fixtures.ts';
import { headOf, shownAs, wrongStore, type WrongStore } from './wrongStore.ts';

/** Appends whatever revision is expected: at the heads that the streams have, until that is done. */
async function appendAnyway(store: EventStore, writes: readonly StreamWrite[]): Promise<AppendResult> {
  for (;;) {
    const result = await store.append(await atHeads(store, writes));
    if (result.status === 'appended') return result;
  }
}

/** The same request at the heads that its streams have now. */
async function atHeads(store: EventStore, writes: readonly StreamWrite[]): Promise<StreamWrite[]> {
  const heads: StreamWrite[] = [];
  for (const write of writes) {
    heads.push({ ...write, expectedRevision: await headOf(store, write.stream) });
  }
  return heads;
}

async function conflictsOf(
  store: EventStore,
  writes: readonly StreamWrite[],
): Promise<AppendResult | undefined> {
  const now = await atHeads(store, writes);
  const conflicts = writes.flatMap(({ stream, expectedRevision }, i) => {
    const actualRevision = now[i]!.expectedRevision;
    return actualRevision === expectedRevision ? [] : [{ stream, expectedRevision, actualRevision }];
  });
  return conflicts.length > 0 ? { status: 'conflict', conflicts } : undefined;
}

const hasEvents = ({ events }: StreamWrite): boolean => events.length > 0;

export const WRONG_APPENDING: readonly WrongStore[] = [
  wrongStore(
    'an append that is not atomic',
    (right) => ({
      async append(writes) {
        const conflicts = await conflictsOf(right, writes);
        const events: StoredEvent[] = [];
        for (const write of writes) {
          const result = await right.append([write]);
          if (result.status === 'appended') events.push(...result.events);
        }
        return conflicts ?? { status: 'appended', events };
      },
    }),
    'appending › stores nothing on any stream when one of them conflicts, and names every conflict',
    'appending › refuses the append when a stream that is only checked has moved',
    'concurrent writers › is some serial order of the appends that were accepted, and of nothing else',
    'concurrent writers › gives a name that many want to one of them, with all that it belongs to',
  ),
  wrongStore(
    'an append that checks no revision',
    (right) => ({ append: (writes) => appendAnyway(right, writes) }),
    'appending › reports the actual revision to a writer *',
    'appending › reports a stream that does not exist as revision -1',
    'appending › names a stream that should not have existed beside another conflict',
    'concurrent writers › lets exactly one of many writers win each revision',
    'concurrent writers › gives a name that many want to one of them, with all that it belongs to',
  ),
  wrongStore(
    'a conflict that is told, and stored all the same',
    (right) => ({
      async append(writes) {
        const result = await right.append(writes);
        if (result.status === 'conflict') await appendAnyway(right, writes.filter(hasEvents));
        return result;
      },
    }),
    'appending › reports the actual revision to a writer * and stores nothing',
    'appending › stores nothing on any stream when one of them conflicts, and names every conflict',
    'appending › refuses the append when a stream that is only checked has moved',
    'concurrent writers › is some serial order of the appends that were accepted, and of nothing else',
  ),
  wrongStore(
    'an answer that differs from what is stored',
    (right) => ({
      async append(writes) {
        const result = await right.append(writes);
        return result.status === 'conflict'
          ? result
          : { ...result, events: result.events.map((event) => ({ ...event, type: 'crm.Other' })) };
      },
    }),
    'appending › creates a stream that must not exist',
    'appending › appends to several streams at once, in the order of the request',
  ),
  wrongStore(
    'a check and a write with a gap between them',
    (right) => ({
      append: async (writes) => (await conflictsOf(right, writes)) ?? appendAnyway(right, writes),
    }),
    'concurrent writers › is some serial order of the appends that were accepted, and of nothing else',
    'concurrent writers › lets exactly one of many writers win each revision',
    'concurrent writers › gives a name that many want to one of them, with all that it belongs to',
  ),
  wrongStore(
    'revisions that begin at 1',
    (right) => shownAs(right, (event) => ({ ...event, revision: event.revision + 1 })),
    'appending › creates a stream that must not exist',
    'appending › goes on at the exact revision',
  ),
  wrongStore(
    'an answer in the order of the streams’ names',
    (right) => ({
      async append(writes) {
        const result = await right.append(writes);
        if (result.status === 'conflict') return result;
        return { ...result, events: result.events.toSorted((a, b) => (a.stream < b.stream ? -1 : 1)) };
      },
    }),
    'appending › appends to several streams at once, in the order of the request',
  ),
  wrongStore(
    'a conflict that names only the first stream',
    (right) => ({
      async append(writes) {
        const result = await right.append(writes);
        return result.status === 'conflict' ? { ...result, conflicts: result.conflicts.slice(0, 1) } : result;
      },
    }),
    'appending › stores nothing on any stream when one of them conflicts, and names every conflict',
    'appending › names a stream that should not have existed beside another conflict',
  ),
  wrongStore(
    'an append that passes over streams that are only checked',
    (right) => ({
      append: async (writes) =>
        writes.length > 0 && writes.every((write) => !hasEvents(write))
          ? { status: 'appended', events: [] }
          : right.append(writes.filter(hasEvents)),
    }),
    'appending › refuses the append when a stream that is only checked has moved',
    'appending › only checks when a request has no events at all',
  ),
  wrongStore(
    'a check that leaves a mark in the stream',
    (right) => ({
      append: (writes) =>
        right.append(writes.map((write) => (hasEvents(write) ? write : { ...write, events: [newEvent()] }))),
    }),
    'appending › checks a stream without appending to it',
    'appending › only checks when a request has no events at all',
  ),
  wrongStore(
    'an append that keeps the whole buffer of which it was given a part',
    (right) => ({
      append: (writes) =>
        right.append(
          writes.map((write) => ({
            ...write,
            events: write.events.map((event) => ({ ...event, data: new Uint8Array(event.data.buffer) })),
          })),
        ),
    }),
    'appending › gives bytes back unchanged, also those of part of a buffer and none at all',
  ),
  wrongStore(
    'a refused append that takes those beside it along',
    (right) => {
      let group: Promise<AppendResult>[] = [];
      return {
        async append(writes) {
          const own = right.append(writes);
          group.push(own);
          const beside = group;
          const results = await Promise.all(beside);
          group = [];
          return results.find(({ status }) => status === 'conflict') ?? own;
        },
      };
    },
    'appending › lets a refused creation do no harm to what is under way beside it',
    'counting › burns no index on an append that was refused',
  ),
];
