import type { Condition, Scalar, ViewIndex, ViewQuery } from '../viewStore.ts';

/**
 * Whether one index gives a page as a range of it, in order: its fields are those that the filter holds equal to a value,
 * and then the one that is sorted by, over which the filter may lay bounds. Then a page costs as much as its documents.
 */
export function isCovered({ filter = {}, sort }: ViewQuery, indexes: readonly ViewIndex[]): boolean {
  const conditions = Object.entries(filter);
  if (sort === undefined) return conditions.length === 0;
  const equal = conditions.filter(([, wanted]) => isScalar(wanted)).map(([path]) => path);
  const others = conditions.filter(([, wanted]) => !isScalar(wanted));
  if (equal.includes(sort.by)) return false;
  if (others.some(([path, wanted]) => path !== sort.by || !isBound(wanted as Condition))) return false;
  return indexes.some(
    ({ fields }) =>
      fields.length === equal.length + 1 &&
      fields.at(-1) === sort.by &&
      equal.every((path) => fields.includes(path)),
  );
}

function isScalar(wanted: Scalar | Condition): wanted is Scalar {
  return typeof wanted !== 'object' || wanted === null;
}

/** A range: not a choice of values, which one range does not give in order, nor what is only present. */
function isBound(wanted: Condition): boolean {
  return wanted.in === undefined && wanted.exists === undefined;
}
