import type { Condition, DocumentBody, Scalar, ViewFilter } from '../viewStore.ts';
import { scalarAt } from './fieldPath.ts';
import { compareScalars } from './scalarOrder.ts';

/** Whether a document is what the filter asks for: the meaning that every adapter's query must have. */
export function matches(body: DocumentBody, filter: ViewFilter): boolean {
  return Object.entries(filter).every(([path, wanted]) => {
    const value = scalarAt(body, path);
    return typeof wanted === 'object' && wanted !== null ? meets(value, wanted) : value === wanted;
  });
}

function meets(value: Scalar, condition: Condition): boolean {
  if (condition.in !== undefined && !condition.in.includes(value)) return false;
  if (condition.exists !== undefined && condition.exists !== (value !== null)) return false;
  if (condition.startsWith !== undefined) {
    if (typeof value !== 'string' || !value.startsWith(condition.startsWith)) return false;
  }
  return (
    within(value, condition.gte, (order) => order >= 0) &&
    within(value, condition.gt, (order) => order > 0) &&
    within(value, condition.lte, (order) => order <= 0) &&
    within(value, condition.lt, (order) => order < 0)
  );
}

function within(
  value: Scalar,
  bound: string | number | undefined,
  holds: (order: number) => boolean,
): boolean {
  if (bound === undefined) return true;
  return typeof value === typeof bound && holds(compareScalars(value, bound));
}
