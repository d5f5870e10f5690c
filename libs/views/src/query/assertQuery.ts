import type {
  AggregateQuery,
  Scalar,
  ViewDefinition,
  ViewFilter,
  ViewQuery,
  ViewVersions,
} from '../viewStore.ts';
import { invalidView } from '../viewStoreError.ts';
import { assertFieldPath } from './fieldPath.ts';

const NAME = /^[a-z][a-z-]{0,39}$/;
const CONDITIONS: ReadonlySet<string> = new Set(['in', 'gte', 'lt', 'lte', 'gt', 'startsWith', 'exists']);

/** Largest page of documents. */
export const LARGEST_PAGE = 1_000;

/** @throws ViewStoreError `invalid` */
export function assertDefinition({ name, version, indexes }: ViewDefinition): void {
  assertVersion(name, version);
  for (const { fields } of indexes) {
    if (fields.length === 0) throw invalidView(`an index of the view ${name} names no field`);
    fields.forEach(assertFieldPath);
  }
}

/** @throws ViewStoreError `invalid` */
export function assertVersion(name: string, version: number): void {
  if (!NAME.test(name)) throw invalidView('not the name of a view: 1 to 40 of a-z and -');
  if (!Number.isSafeInteger(version) || version < 1) throw invalidView(`versions of ${name} count from 1`);
}

/** @throws ViewStoreError `invalid` unless the view has this version */
export function assertBuilt(name: string, version: number, { all }: Pick<ViewVersions, 'all'>): void {
  assertVersion(name, version);
  if (!all.includes(version)) throw invalidView(`${name} has no version ${version}: build it first`);
}

/** What answers is neither dropped nor kept beside itself. @throws ViewStoreError `invalid` */
export function assertNotLive(name: string, version: number, { live }: Pick<ViewVersions, 'live'>): void {
  if (live === version) throw invalidView(`version ${version} of ${name} is live: switch first`);
}

/** @throws ViewStoreError `invalid` */
export function assertQuery({ filter = {}, sort, after, limit }: ViewQuery): void {
  assertFilter(filter);
  if (sort !== undefined) {
    assertFieldPath(sort.by);
    if (sort.direction !== 'asc' && sort.direction !== 'desc') throw invalidView('sort is asc or desc');
  }
  assertLimit(limit);
  if (after !== undefined && (typeof after.key !== 'string' || !isScalar(after.value))) {
    throw invalidView('after: take it from a page as it is');
  }
}

/** @throws ViewStoreError `invalid` */
export function assertLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE) {
    throw invalidView(`limit: between 1 and ${LARGEST_PAGE}`);
  }
}

/** @throws ViewStoreError `invalid` */
export function assertFilter(filter: ViewFilter): void {
  for (const [path, wanted] of Object.entries(filter)) {
    assertFieldPath(path);
    if (isScalar(wanted)) continue;
    if (typeof wanted !== 'object') throw invalidView(`${path}: a value or a condition`);
    for (const [condition, operand] of Object.entries(wanted)) {
      if (!CONDITIONS.has(condition) || !fits(condition, operand))
        throw invalidView(`${path}: no such condition`);
    }
  }
}

/** @throws ViewStoreError `invalid` */
export function assertAggregate({ filter = {}, by, measure }: AggregateQuery): void {
  assertFilter(filter);
  by.forEach(assertFieldPath);
  measure.forEach(assertFieldPath);
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

function fits(condition: string, operand: unknown): boolean {
  if (operand === undefined) return true;
  if (condition === 'in') return Array.isArray(operand) && operand.every(isScalar);
  if (condition === 'exists') return typeof operand === 'boolean';
  if (condition === 'startsWith') return typeof operand === 'string';
  return typeof operand === 'string' || Number.isFinite(operand);
}
