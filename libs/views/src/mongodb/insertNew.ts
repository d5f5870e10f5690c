import type { Documents } from './documentEngine.ts';
import { refusedKeys } from './refusedKeys.ts';
import type { StoredDocument } from './storedDocument.ts';

/**
 * Inserts documents that are thought to be absent.
 *
 * @returns those that were not: a document with their key stands there, or a retry of the driver met its own insert
 */
export async function insertNew(
  documents: Documents,
  fresh: readonly StoredDocument[],
): Promise<StoredDocument[]> {
  if (fresh.length === 0) return [];
  try {
    await documents.insertMany(fresh, { ordered: false });
    return [];
  } catch (error) {
    return refusedKeys(error).map((index) => fresh[index]!);
  }
}
