import type { ViewCursor, ViewDocument, ViewQuery } from '../viewStore.ts';
import { scalarAt } from './fieldPath.ts';

/** From where a query goes on that has shown this document last: what `next` is where a page ends with it. */
export function cursorOf({ body, key }: ViewDocument, sort: ViewQuery['sort']): ViewCursor {
  return { value: sort === undefined ? null : scalarAt(body, sort.by), key };
}
