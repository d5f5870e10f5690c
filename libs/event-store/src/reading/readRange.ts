import { BEFORE_FIRST, type ReadAllOptions, type ReadStreamOptions, StoreError } from '../eventStore.ts';

/** Events of a page where the reader names no limit. */
export const DEFAULT_PAGE_EVENTS = 1_000;

/** Data of a page, in bytes; a page holds at least one event, however large. */
export const MAX_PAGE_BYTES = 1024 * 1024;

export interface ReadRange {
  readonly backwards: boolean;
  /** Forwards the first place to read, backwards the last one. */
  readonly from: number;
  readonly limit: number;
}

/** @throws StoreError `invalid` */
export function streamRange(options: ReadStreamOptions = {}): ReadRange {
  const backwards = options.direction === 'backwards';
  const from = options.fromRevision ?? (backwards ? Number.MAX_SAFE_INTEGER : 0);
  return { backwards, from: place('fromRevision', from, 0), limit: limitOf(options.limit) };
}

/** @throws StoreError `invalid` */
export function allRange(options: ReadAllOptions = {}): ReadRange {
  const backwards = options.direction === 'backwards';
  const after = options.after ?? (backwards ? Number.MAX_SAFE_INTEGER : BEFORE_FIRST);
  place('after', after, BEFORE_FIRST);
  return { backwards, from: backwards ? after - 1 : after + 1, limit: limitOf(options.limit) };
}

/** @throws StoreError `invalid` */
export function countedRange(fromIndex: number, limit: number): ReadRange {
  return { backwards: false, from: place('fromIndex', fromIndex, 0), limit: limitOf(limit) };
}

/** @throws StoreError `invalid` */
export function limitOf(limit: number = DEFAULT_PAGE_EVENTS): number {
  return place('limit', limit, 1);
}

function place(name: string, value: number, least: number): number {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new StoreError('invalid', `${name} is out of range: send an integer from ${least} on`);
  }
  return value;
}
