import { expect } from '@jest/globals';
import type { StoredEvent } from './client.ts';

/** Indexes without a gap, revisions without a gap, no event id twice. */
export function expectWhole(log: readonly StoredEvent[]): void {
  expect(log.map(({ index }) => index)).toEqual(log.map((_, n) => n));
  expect(new Set(log.map(({ id }) => id)).size).toBe(log.length);
  const revisions = new Map<string, number>();
  for (const { stream, revision } of log) {
    expect(revision).toBe((revisions.get(stream) ?? -1) + 1);
    revisions.set(stream, revision);
  }
}
