import { NotAvailable } from '../notAvailable.ts';
import type { RebuildResult } from './store.ts';

/**
 * Builds the tier and satisfaction views anew from event 0 of the store in `dir`, beside the live ones: unsealing,
 * durable documents and checkpoints included; then compares them with the live ones, outside of the time.
 */
export async function rebuildViews(_dir: string): Promise<RebuildResult> {
  throw new NotAvailable('rebuildViews waits for the projections');
}
