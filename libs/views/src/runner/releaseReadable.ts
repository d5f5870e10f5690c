import type { ParkedKey } from '../viewStore.ts';
import { keysOf } from './keysOf.ts';
import { isStreamKey, streamKey } from './streamKey.ts';
import type { Tenure } from './tenure.ts';
import { HELD_BY_STREAM } from './touch.ts';
import { unparkKeys } from './unparkKeys.ts';
import { unparkStreams } from './unparkStreams.ts';

const TOGETHER = 500;

/**
 * Lets go what waits for nothing but a release that can tell what an event touches, as this one may, and what an owner
 * left waiting that died while it let a stream go. Everything else waits for an operator. Goes on beside the batches.
 *
 * @throws why the tenure ended
 */
export async function releaseReadable(tenure: Tenure): Promise<void> {
  let after: string | undefined;
  while (!tenure.parked.none) {
    const { control } = tenure.parts;
    const page = await control.parked(tenure.id, { limit: TOGETHER, ...(after !== undefined && { after }) });
    // Documents stand before streams: what comes back with a stream is not looked at again.
    await unparkKeys(tenure, await leftBehind(tenure, page));
    await unparkStreams(tenure, await readable(tenure, page));
    if (page.length < TOGETHER) return;
    after = page.at(-1)!.key;
  }
}

/** Keys that wait with a stream that does not wait any more. */
async function leftBehind(tenure: Tenure, page: readonly ParkedKey[]): Promise<readonly string[]> {
  const held = page.filter(({ key, reason }) => reason === HELD_BY_STREAM && !isStreamKey(key));
  const streams = await tenure.parked.among(held.map(({ stream }) => streamKey(stream)));
  return held.filter(({ stream }) => !streams.has(streamKey(stream))).map(({ key }) => key);
}

/** Keys of streams whose event says what it touches by now. */
async function readable(tenure: Tenure, page: readonly ParkedKey[]): Promise<readonly string[]> {
  const keys: string[] = [];
  for (const { key, index } of page) {
    // One that was parked behind the checkpoint comes again by itself.
    if (isStreamKey(key) && (index > tenure.index || (await saysItsKeys(tenure, index)))) keys.push(key);
  }
  return keys;
}

async function saysItsKeys(tenure: Tenure, index: number): Promise<boolean> {
  const [event] = await tenure.readCounted(index, 1);
  try {
    keysOf(tenure.parts.projection, event!);
    return true;
  } catch {
    // It is parked for this very reason, which was told.
    return false;
  }
}
