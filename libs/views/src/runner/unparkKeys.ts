import type { ParkedKey } from '../viewStore.ts';
import { foldedDocument } from './documentCache.ts';
import type { FoldedDocument } from './documentCache.ts';
import { reasonOf } from './failureText.ts';
import { KeysCatchUp, returningKey } from './keysCatchUp.ts';
import type { ReturningKey } from './keysCatchUp.ts';
import type { Tenure } from './tenure.ts';
import { HELD_BY_STREAM } from './touch.ts';

export type UnparkResult =
  | { readonly status: 'unparked' }
  | { readonly status: 'not-parked' }
  | { readonly status: 'parked'; readonly entry: ParkedKey };

/**
 * Folds what parked keys have missed, read again from the log, and lets them go on. The log is walked once for all of
 * them, while other keys go on; only the last stretch, what arrived meanwhile, is folded between two batches. A key at
 * which an event fails again stays parked at that event, and what went well before it is kept.
 */
export async function unparkKeys(
  tenure: Tenure,
  keys: readonly string[],
): Promise<ReadonlyMap<string, UnparkResult>> {
  const returning = await tenure.between(() => returningKeys(tenure, keys));
  const results = new Map<string, UnparkResult>(keys.map((key) => [key, { status: 'not-parked' }]));
  if (returning.size === 0) return results;
  const catchUp = new KeysCatchUp(tenure, returning);
  await catchUp.run();
  await tenure.between(async () => {
    const now = await tenure.parked.among(returning.keys());
    for (const [key, { entry }] of returning) {
      const current = now.get(key);
      if (current?.index === entry.index) continue;
      // Somebody else tried meanwhile.
      returning.delete(key);
      if (current !== undefined) results.set(key, { status: 'parked', entry: current });
    }
    await catchUp.run();
    for (const [key, result] of await settle(tenure, [...returning.values()])) results.set(key, result);
  });
  return results;
}

async function returningKeys(tenure: Tenure, keys: readonly string[]): Promise<Map<string, ReturningKey>> {
  const parked = await tenure.parked.among(keys);
  if (parked.size === 0) return new Map();
  const stored = await tenure.parts.collection.load([...parked.keys()]);
  return new Map(
    [...parked].map(([key, entry]) => [
      key,
      returningKey(entry, foldedDocument(key, stored.get(key), undefined)),
    ]),
  );
}

async function settle(
  tenure: Tenure,
  returning: readonly ReturningKey[],
): Promise<ReadonlyMap<string, UnparkResult>> {
  const { lease, events } = tenure.parts;
  await write(tenure, returning);
  const failed = returning.flatMap((key) => waitingOn(key) ?? []);
  const free = returning.filter((key) => key.failed === undefined).map(({ entry }) => entry.key);
  lease.assertHeld();
  await tenure.parked.park(failed);
  lease.assertHeld();
  await tenure.parked.unpark(free);
  tenure.documents.forget(returning.map(({ entry }) => entry.key));
  await tenure.saveCounts();
  for (const entry of failed) if (entry.reason !== HELD_BY_STREAM) events.parked?.(entry);
  for (const key of free) events.unparked?.(tenure.id, key);
  return new Map<string, UnparkResult>([
    ...failed.map((entry) => [entry.key, { status: 'parked', entry }] as const),
    ...free.map((key) => [key, { status: 'unparked' }] as const),
  ]);
}

async function write({ writer, counters }: Tenure, returning: readonly ReturningKey[]): Promise<void> {
  const writing = returning.filter(isToWrite).filter((key) => {
    try {
      counters?.move(key.stored.body, key.document.body);
      return true;
    } catch (error) {
      stays(key, error);
      return false;
    }
  });
  const refused = new Map([
    ...(await writer.write(writing.filter(({ refolds }) => !refolds).map(({ document }) => document))),
    ...(await writer.write(writing.filter(({ refolds }) => refolds).map(replacement), true)),
  ]);
  for (const key of writing) {
    if (!refused.has(key.entry.key)) continue;
    counters?.correct(key.document.body, key.stored.body);
    stays(key, refused.get(key.entry.key));
  }
}

/** What is folded on is kept as far as it came; what was folded anew replaces what is stored as a whole, or not at all. */
function isToWrite({ refolds, document, stored, failed }: ReturningKey): boolean {
  return refolds ? failed === undefined : document.index > stored.index;
}

/** Its last events may change nothing now: the index that was written before is not taken back. */
function replacement({ document, stored }: ReturningKey): FoldedDocument {
  return { ...document, index: Math.max(document.index, stored.index), stored: stored.stored };
}

/** Nothing of it was written: it waits as before. */
function stays(key: ReturningKey, error: unknown): void {
  key.failed = { ...key.entry, reason: reasonOf(error) };
}

/** What is folded anew once will be folded anew again. */
function waitingOn({ refolds, failed, entry }: ReturningKey): ParkedKey | undefined {
  return failed !== undefined && refolds ? { ...failed, index: entry.index } : failed;
}
