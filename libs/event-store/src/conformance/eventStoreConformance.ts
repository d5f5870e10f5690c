import { describe } from '@rapport/platform/conformance';
import { appendingConformance } from './appendingConformance.ts';
import { closingConformance } from './closingConformance.ts';
import { concurrencyConformance } from './concurrencyConformance.ts';
import { countingConformance } from './countingConformance.ts';
import { followingConformance } from './followingConformance.ts';
import { storeForEachTest, type MakeHarness } from './harness.ts';
import { readingConformance } from './readingConformance.ts';
import { refusingConformance } from './refusingConformance.ts';
import { repeatingConformance } from './repeatingConformance.ts';

/**
 * The promises of the EventStore port, one test each. Every adapter calls this from its spec:
 *
 *     eventStoreConformance('embedded event store', async () => ({ store, dispose }));
 *
 * Streams are named at random and counts start at the head found, so a store may serve many tests in turn.
 */
export function eventStoreConformance(name: string, makeHarness: MakeHarness): void {
  describe(name, () => {
    const store = storeForEachTest(makeHarness);
    describe('appending', () => appendingConformance(store));
    describe('repeating an append', () => repeatingConformance(store));
    describe('refusing malformed requests', () => refusingConformance(store));
    describe('counting', () => countingConformance(store));
    describe('reading', () => readingConformance(store));
    describe('following', () => followingConformance(store));
    describe('concurrent writers', () => concurrencyConformance(store));
    describe('closing', () => closingConformance(store));
  });
}
