import type { ViewQuery } from '../viewStore.ts';
import { fieldOf, mongoFilter } from './mongoFilter.ts';
import type { DocumentFilter } from './mongoFilter.ts';

export interface PageRange {
  readonly filter: DocumentFilter;
  readonly sort: Record<string, 1 | -1>;
}

/**
 * The queries that together give a page, in order: the next is asked only while documents are missing. Each is one
 * range of an index (gone, …, field, _id), wherever the page begins; as one query with $or, the server would merge or
 * walk from the start.
 */
export function pageRanges({ filter = {}, sort, after }: ViewQuery): PageRange[] {
  if (sort === undefined) {
    const beyond = after === undefined ? [] : [{ _id: { $gt: after.key } }];
    return [{ filter: mongoFilter(filter, ...beyond), sort: { _id: 1 } }];
  }
  const field = fieldOf(sort.by);
  const ascending = sort.direction === 'asc';
  const order = ascending ? 1 : -1;
  const beyond = ascending ? '$gt' : '$lt';
  const range = (...conditions: object[]): PageRange => ({
    filter: mongoFilter(filter, ...conditions),
    sort: { [field]: order, _id: order },
  });
  if (after === undefined) return [range()];

  const missing = range({ [field]: { $eq: null } });
  const present = range({ [field]: { $ne: null } });
  const ties = range({ [field]: { $eq: after.value } }, { _id: { [beyond]: after.key } });
  if (after.value === null) return ascending ? [ties, present] : [ties];
  const rest = range({ [field]: { [beyond]: after.value } });
  return ascending ? [ties, rest] : [ties, rest, missing];
}
