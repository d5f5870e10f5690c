import { isDuplicateKey } from './mongoViewErrors.ts';

/**
 * Carries out an upsert of one `_id`. Of two at once one may meet the other's insert: then there is something to update.
 *
 * @throws what `upsert` throws, a duplicate key only where it throws that twice
 */
export async function upserted(upsert: () => Promise<unknown>): Promise<void> {
  try {
    await upsert();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    await upsert();
  }
}
