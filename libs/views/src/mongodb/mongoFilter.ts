import type { Filter } from 'mongodb';
import { afterPrefix } from '../query/afterPrefix.ts';
import type { Condition, Scalar, ViewFilter } from '../viewStore.ts';
import type { StoredDocument } from './storedDocument.ts';

export type DocumentFilter = Filter<StoredDocument>;

/** Where a path of the body stands. */
export function fieldOf(path: string): string {
  return `body.${path}`;
}

/** The filter of an assertFilter-ed query over live documents, and more conditions beside it. */
export function mongoFilter(filter: ViewFilter, ...more: readonly object[]): DocumentFilter {
  const conditions = Object.entries(filter).flatMap(([path, wanted]) =>
    operators(wanted).map((operator) => ({ [fieldOf(path)]: operator })),
  );
  const all = [...conditions, ...more];
  return all.length === 0 ? { gone: false } : ({ gone: false, $and: all } as DocumentFilter);
}

/**
 * One object per operator, as a field may have the same one twice. MongoDB compares within one type only, and text by
 * its UTF-8 bytes: the meaning that the port asks for.
 */
function operators(wanted: Scalar | Condition): object[] {
  if (wanted === null || typeof wanted !== 'object') return [{ $eq: wanted }];
  const found: object[] = [];
  if (wanted.in !== undefined) found.push({ $in: wanted.in });
  if (wanted.exists !== undefined) found.push(wanted.exists ? { $ne: null } : { $eq: null });
  if (wanted.startsWith !== undefined) {
    const after = afterPrefix(wanted.startsWith);
    found.push({ $gte: wanted.startsWith });
    if (after !== undefined) found.push({ $lt: after });
  }
  if (wanted.gte !== undefined) found.push({ $gte: wanted.gte });
  if (wanted.gt !== undefined) found.push({ $gt: wanted.gt });
  if (wanted.lte !== undefined) found.push({ $lte: wanted.lte });
  if (wanted.lt !== undefined) found.push({ $lt: wanted.lt });
  return found;
}
