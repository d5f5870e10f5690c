import { expect } from '@jest/globals';
import { faultsOf, type StoredEvent } from '@rapport/test-checks';

/** Indexes without a gap, revisions without a gap, no event id twice. */
export function expectWhole(log: readonly StoredEvent[]): void {
  expect(faultsOf(log)).toEqual([]);
}
