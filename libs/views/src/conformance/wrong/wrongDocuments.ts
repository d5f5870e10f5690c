import { MAX_DOCUMENT_BYTES } from '../../documents/documentText.ts';
import { MemoryViewStore } from '../../memory/memoryViewStore.ts';
import type { DocumentBody, DocumentWrite, ViewCollection } from '../../viewStore.ts';
import { ViewStoreError } from '../../viewStoreError.ts';
import { wrongView, type WrongViewStore } from './wrongViewStore.ts';

/** A view that writes something else than it is given. */
function writing(
  right: ViewCollection,
  write: (
    documents: readonly DocumentWrite[],
  ) => readonly DocumentWrite[] | Promise<readonly DocumentWrite[]>,
): Pick<ViewCollection, 'write'> {
  return { write: async (documents) => right.write(await write(documents)) };
}

const withBody = (change: (body: DocumentBody) => unknown) => (documents: readonly DocumentWrite[]) =>
  documents.map((document) => ({
    ...document,
    body: document.body === null ? null : (change(document.body) as DocumentBody),
  }));

function flattened(value: unknown): unknown {
  if (Array.isArray(value)) return (value.flat(Infinity) as unknown[]).map(flattened);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, flattened(item)]));
}

/** At an index at which it is written, where the stored one would fence it. */
async function unfenced(
  right: ViewCollection,
  documents: readonly DocumentWrite[],
  fenced: (stored: number, index: number) => boolean,
): Promise<readonly DocumentWrite[]> {
  const stored = await right.load(documents.map(({ key }) => key));
  return documents.map((document) => {
    const index = stored.get(document.key)?.index ?? -1;
    return fenced(index, document.index)
      ? document
      : { ...document, index: Math.max(document.index, index + 1) };
  });
}

export const WRONG_DOCUMENTS: readonly WrongViewStore[] = [
  wrongView(
    'a write that only inserts',
    (right) =>
      writing(right, async (documents) => {
        const stored = await right.load(documents.map(({ key }) => key));
        return documents.filter(({ key }) => !stored.has(key));
      }),
    'documents › writes what is new and what is newer, and says so',
    'documents › shows a write to every read that starts after it resolved',
  ),
  wrongView(
    'a write that does not look at the index',
    (right) => writing(right, (documents) => unfenced(right, documents, () => false)),
    'documents › fences a write at or below the stored index and leaves the document alone',
    'documents › hides a tombstone from queries, which still guards its index',
  ),
  wrongView(
    'a guard that lets the same index pass once more',
    (right) => writing(right, (documents) => unfenced(right, documents, (stored, index) => index < stored)),
    'documents › fences a write at or below the stored index and leaves the document alone',
    'documents › hides a tombstone from queries, which still guards its index',
  ),
  wrongView(
    'a batch that one fenced document takes along',
    (right) => ({
      async write(documents) {
        const stored = await right.load(documents.map(({ key }) => key));
        const fenced = documents.some(({ key, index }) => index <= (stored.get(key)?.index ?? -1));
        return fenced ? { written: 0, fenced: documents.length } : right.write(documents);
      },
    }),
    'documents › fences a write at or below the stored index and leaves the document alone',
  ),
  wrongView(
    'a write of which 500 documents arrive',
    (right) => writing(right, (documents) => documents.slice(0, 500)),
    'documents › takes index 0, no documents at all, and a thousand at once',
  ),
  wrongView(
    'an index 0 that counts as none',
    (right) => writing(right, (documents) => documents.filter(({ index }) => index > 0)),
    'documents › takes index 0, no documents at all, and a thousand at once',
  ),
  wrongView(
    'a deletion that leaves no tombstone',
    (right) => ({
      async write(documents) {
        const report = await right.write(documents);
        await right.sweep(Number.MAX_SAFE_INTEGER);
        return report;
      },
    }),
    'documents › hides a tombstone from queries, which still guards its index',
    'documents › loads documents and tombstones; what is absent is absent',
    'documents › sweeps tombstones up to an index, nothing else',
  ),
  wrongView(
    'a tombstone that is counted',
    (right) => {
      const dead = new Set<string>();
      return {
        async write(documents) {
          for (const { key, body } of documents) if (body === null) dead.add(key);
          return right.write(documents);
        },
        count: async (filter) => (await right.count(filter)) + dead.size,
      };
    },
    'documents › hides a tombstone from queries, which still guards its index',
  ),
  wrongView(
    'a tombstone that a scan shows',
    (right) => {
      const dead = new Map<string, number>();
      return {
        async write(documents) {
          for (const { key, index, body } of documents) if (body === null) dead.set(key, index);
          return right.write(documents);
        },
        async *scan() {
          yield* right.scan();
          for (const [key, index] of dead) yield { key, index, body: {} };
        },
      };
    },
    'documents › hides a tombstone from queries, which still guards its index',
    'documents › scans live documents in order of key',
  ),
  wrongView(
    'a load that answers for what is absent',
    (right) => ({
      async load(keys) {
        const found = new Map(await right.load(keys));
        for (const key of keys) if (!found.has(key)) found.set(key, { key, index: -1, body: null });
        return found;
      },
    }),
    'documents › loads documents and tombstones; what is absent is absent',
    'documents › clears everything, tombstones too',
  ),
  wrongView(
    'a body of which the ASCII letters are kept',
    (right) =>
      writing(
        right,
        withBody((body) => JSON.parse(JSON.stringify(body).replaceAll(/[^ -~]/g, '?'))),
      ),
    'documents › gives a body back as JSON has it',
  ),
  wrongView(
    'arrays within arrays that are made one',
    (right) => writing(right, withBody(flattened)),
    'documents › gives arrays within arrays back*',
  ),
  wrongView(
    'queries that are one write behind',
    (right) => {
      const behind = new MemoryViewStore().open(right.definition);
      let last: readonly DocumentWrite[] = [];
      return {
        async write(documents) {
          await (await behind).write(last);
          last = documents;
          return right.write(documents);
        },
        find: async (query) => (await behind).find(query),
      };
    },
    'documents › shows a write to every read that starts after it resolved',
    'compared with the model › answers every write and every query alike',
  ),
  wrongView(
    'a write that is answered before it is done',
    (right) => {
      let before: readonly DocumentWrite[] = [];
      return {
        async write(documents) {
          await right.write(before);
          before = documents;
          return { written: documents.length, fenced: 0 };
        },
      };
    },
    'documents › shows a write to every read that starts after it resolved',
  ),
  wrongView(
    'a document that was folded anew and is fenced by its own index',
    (right) => writing(right, (documents) => documents.map((document) => ({ ...document, refolded: false }))),
    'documents › lets a document that was folded anew replace its own index too, never a higher one',
  ),
  wrongView(
    'a document that was folded anew and replaces what is newer',
    (right) => writing(right, (documents) => unfenced(right, documents, (stored, index) => index === stored)),
    'documents › lets a document that was folded anew replace its own index too, never a higher one',
  ),
  wrongView(
    'a store that says it took what it cannot keep',
    (right) => ({
      write: (documents) => right.write(documents).catch(() => ({ written: documents.length, fenced: 0 })),
    }),
    'documents › refuses what *, and takes the next',
  ),
  wrongView(
    'a store that refuses what another one takes',
    (right) => ({
      async write(documents) {
        if (documents.some(({ body }) => JSON.stringify(body).length > MAX_DOCUMENT_BYTES / 2))
          throw new ViewStoreError('refused', 'too large');
        return right.write(documents);
      },
    }),
    'documents › takes a document that is as large and as deep as it may be',
  ),
];
