import type { Timers } from '@rapport/platform';
import { UnreadableStream } from '../ledger/unreadableStream.ts';
import { isTransient, reasonOf } from '../sweeping/transient.ts';
import type { ParkedKeys } from './parkedKeys.ts';
import type { FailedKey } from './parkingDecider.ts';
import { sideBySide } from './sideBySide.ts';

/** A key that fails this often in a row, with growing pauses, is parked: it holds up the others for half a second. */
const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 100;

/** What is to be done for one key. */
export interface KeyWork {
  readonly key: string;
  /** What stands in the record where it fails. */
  readonly at: Pick<FailedKey, 'stream' | 'revision'>;
  /** May be done again. */
  settle(): Promise<void>;
}

export interface Settled {
  readonly settled: number;
  readonly parked: number;
}

export interface SettlingOptions {
  readonly sideBySide: number;
  readonly timers: Timers;
  readonly signal: AbortSignal;
  /** Told of each failure that is no outage. */
  readonly failed: (reason: string) => void;
}

/**
 * Does the work of many keys, several side by side. A key whose work fails is parked and keeps no other waiting. What
 * goes away by itself is parked too, without an alert, where others succeed: then it is that key's own affair.
 *
 * @returns how many were settled, and how many are parked
 * @throws what goes away by itself, where nothing succeeds: the ledger, the store or the keys are unavailable; the
 *   signal's reason, where it aborts before all is done
 */
export async function settleOrPark(
  parked: ParkedKeys,
  work: readonly KeyWork[],
  options: SettlingOptions,
): Promise<Settled> {
  const postponed: { readonly work: KeyWork; readonly error: unknown }[] = [];
  const counted = { settled: 0, parked: 0 };
  await sideBySide(work, { most: options.sideBySide, signal: options.signal }, async (one) => {
    try {
      const isSettled = await parked.inTurn(one.key, () => settle(parked, one, options));
      counted[isSettled ? 'settled' : 'parked'] += 1;
    } catch (error) {
      if (!isTransient(error)) throw error;
      postponed.push({ work: one, error });
    }
  });
  // A process that stops has not tried for long enough to park anything.
  if (options.signal.aborted && counted.settled + counted.parked < work.length) throw options.signal.reason;
  if (postponed.length > 0 && counted.settled === 0) throw postponed[0]!.error;
  for (const { work: one, error } of postponed) {
    await parked.inTurn(one.key, () => parked.add(one.key, one.at, reasonOf(error), true));
    counted.parked += 1;
  }
  return counted;
}

/** @returns false where the key is parked. @throws what goes away by itself, after some attempts */
async function settle(
  parked: ParkedKeys,
  { key, at, settle }: KeyWork,
  { timers, signal, failed }: SettlingOptions,
): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await settle();
      if (await parked.has(key)) await parked.remove(key);
      return true;
    } catch (error) {
      if (signal.aborted) throw error;
      const transient = isTransient(error);
      // One that waits already is told and tried often enough; what cannot be read does not become so by itself.
      const more = attempt < ATTEMPTS && !(error instanceof UnreadableStream);
      if (more && (transient || !(await parked.has(key)))) {
        if (!transient) failed(reasonOf(error));
        await timers.sleep(FIRST_PAUSE_MS * 4 ** (attempt - 1), signal);
        continue;
      }
      if (transient) throw error;
      await parked.add(key, at, reasonOf(error));
      return false;
    }
  }
}
