import { NotAvailable } from '../notAvailable.ts';
import type { GeneratedStore } from './store.ts';

/**
 * Fills an empty embedded store with `events` real events through the product's own libraries: customers with sealed
 * contacts, purchases and refunds over two years, tickets with sealed responses, survey answers, in the mix of the
 * demo, and lets the live projections follow, so that there are views to compare with. The same `events` gives the
 * same history.
 */
export async function generateEvents(_events: number, _dir: string): Promise<GeneratedStore> {
  throw new NotAvailable('generateEvents waits for the deciders and the embedded store');
}
