import type { DocumentBody, ViewCollection, ViewDocument } from '../../viewStore.ts';
import { wrongView, type WrongViewStore } from './wrongViewStore.ts';

async function scanned(view: ViewCollection): Promise<ViewDocument<DocumentBody>[]> {
  const documents: ViewDocument<DocumentBody>[] = [];
  for await (const document of view.scan()) documents.push(document);
  return documents;
}

/** Scanning, sweeping, clearing. */
export const WRONG_UPKEEP: readonly WrongViewStore[] = [
  wrongView(
    'a scan in order of UTF-16 units',
    (right) => ({
      async *scan() {
        yield* (await scanned(right)).sort((a, b) => (a.key < b.key ? -1 : 1));
      },
    }),
    'documents › scans live documents in order of key',
  ),
  wrongView(
    'a scan of one page',
    (right) => ({
      async *scan() {
        yield* (await scanned(right)).slice(0, 1_000);
      },
    }),
    'documents › scans more documents than fit into one page',
  ),
  wrongView(
    'a sweep that leaves what stands at the index',
    (right) => ({ sweep: (index) => right.sweep(index - 1) }),
    'documents › sweeps tombstones up to an index, nothing else',
  ),
  wrongView(
    'a sweep that takes all tombstones',
    (right) => ({ sweep: () => right.sweep(Number.MAX_SAFE_INTEGER) }),
    'documents › sweeps tombstones up to an index, nothing else',
  ),
  wrongView(
    'a clear that leaves tombstones',
    (right) => {
      const dead = new Map<string, number>();
      return {
        async write(documents) {
          for (const { key, index, body } of documents) if (body === null) dead.set(key, index);
          return right.write(documents);
        },
        async clear(assertHeld) {
          await right.clear(assertHeld);
          await right.write(Array.from(dead, ([key, index]) => ({ key, index, body: null })));
        },
      };
    },
    'documents › clears everything, tombstones too',
  ),
  wrongView(
    'a clear that does not ask whether it still may',
    (right) => ({ clear: () => right.clear() }),
    'documents › clears nothing, or nothing more, once its owner may be another one',
  ),
];
