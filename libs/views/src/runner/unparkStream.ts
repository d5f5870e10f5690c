import { chunks } from '../chunks.ts';
import type { ParkedKey } from '../viewStore.ts';
import { projectionId } from '../viewStore.ts';
import { reasonOf } from './failureText.ts';
import { keysOf } from './keysOf.ts';
import { streamKey } from './streamKey.ts';
import type { Tenure } from './tenure.ts';
import { HELD_BY_STREAM } from './touch.ts';
import { unparkKeys } from './unparkKeys.ts';
import type { UnparkResult } from './unparkKeys.ts';

const PAGE = 1_000;
/** Documents that come back in one walk over the log: so many are in memory at once. */
const KEYS_TOGETHER = 500;

/**
 * Lets a parked stream go on. Its events say by now which documents they touch: each of these is parked in its place, at
 * the first event of the stream that it misses, and then unparked like any other key. A crash in between leaves keys
 * that are parked, and nothing is lost.
 */
export async function unparkStream(tenure: Tenure, key: string): Promise<UnparkResult> {
  const entry = await tenure.between(async () => (await tenure.parked.among([key])).get(key));
  if (entry === undefined) return { status: 'not-parked' };
  const walk = new StreamWalk(tenure, entry);
  await walk.run();
  const other = await tenure.between(async () => {
    const now = (await tenure.parked.among([key])).get(key);
    // Somebody else tried meanwhile.
    if (now?.index !== entry.index) return now === undefined ? 'gone' : now;
    await walk.run();
    await handOver(tenure, walk);
    return undefined;
  });
  if (other === 'gone') return { status: 'not-parked' };
  if (other !== undefined) return { status: 'parked', entry: other };

  let waits = walk.failed;
  for (const keys of chunks([...walk.missing.keys()], KEYS_TOGETHER)) {
    for (const result of (await unparkKeys(tenure, keys)).values()) {
      if (result.status === 'parked') waits ??= result.entry;
    }
  }
  return waits === undefined ? { status: 'unparked' } : { status: 'parked', entry: waits };
}

/** The documents that a parked stream's events touch, with the first event that each misses. */
class StreamWalk {
  readonly missing = new Map<string, number>();
  /** At the next event that does not say what it touches. */
  failed: ParkedKey | undefined;
  private readonly types: ReadonlySet<string>;
  private next: number;

  constructor(
    private readonly tenure: Tenure,
    readonly entry: ParkedKey,
  ) {
    this.types = new Set(tenure.parts.projection.types);
    this.next = entry.index;
  }

  async run(): Promise<void> {
    const { projection, log } = this.tenure.parts;
    while (this.failed === undefined && this.next <= this.tenure.index) {
      const page = await log.readCounted(this.next, PAGE);
      if (page.length === 0)
        throw new Error(`${projectionId(projection)}: the log has no event with index ${this.next}`);
      for (const event of page) {
        const index = event.index!;
        if (index > this.tenure.index) break;
        this.next = index + 1;
        if (event.stream !== this.entry.stream || !this.types.has(event.type)) continue;
        try {
          for (const key of keysOf(projection, event)) {
            if (!this.missing.has(key)) this.missing.set(key, index);
          }
        } catch (error) {
          this.failed = { ...this.entry, index, reason: reasonOf(error) };
          return;
        }
      }
    }
  }
}

/** Between two batches: the keys are parked before the stream is not, so that no event passes between the two. */
async function handOver(tenure: Tenure, { missing, entry, failed }: StreamWalk): Promise<void> {
  const { lease, events } = tenure.parts;
  const { stream } = entry;
  for (const together of chunks([...missing], PAGE)) {
    const parked = await tenure.parked.among(together.map(([key]) => key));
    const waiting = together.flatMap(([key, index]): ParkedKey[] => {
      const known = parked.get(key);
      if (known !== undefined && known.index <= index) return [];
      return [{ projection: tenure.id, key, index, stream, reason: known?.reason ?? HELD_BY_STREAM }];
    });
    lease.assertHeld();
    await tenure.parked.park(waiting);
    tenure.documents.forget(together.map(([key]) => key));
  }
  lease.assertHeld();
  if (failed === undefined) await tenure.parked.unpark([streamKey(stream)]);
  else await tenure.parked.park([failed]);
  if (failed === undefined) events.unparked?.(tenure.id, streamKey(stream));
  else events.parked?.(failed);
}
