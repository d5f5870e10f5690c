import { projectionId } from '../viewStore.ts';
import type { ParkedKey } from '../viewStore.ts';
import { foldBatch } from './foldBatch.ts';
import type { FoldedDocument } from './documentCache.ts';
import type { Tenure } from './tenure.ts';

export type UnparkResult =
  | { readonly status: 'unparked' }
  | { readonly status: 'not-parked' }
  | { readonly status: 'parked'; readonly entry: ParkedKey };

const PAGE = 1_000;

/**
 * Folds what a parked key has missed, read again from the log, and lets it go on. The log is walked while other keys
 * go on; only the last stretch, what arrived meanwhile, is folded between two batches. Where an event fails again the
 * key stays parked at that event, and what went well before it is kept.
 */
export async function unparkKey(tenure: Tenure, key: string): Promise<UnparkResult> {
  if (tenure.knowsParked && !tenure.parked.has(key)) return { status: 'not-parked' };
  const found = await tenure.between(async () => {
    const entry = tenure.parked.get(key);
    return entry && { entry, start: await tenure.document(key) };
  });
  if (found === undefined) return { status: 'not-parked' };
  const { entry, start } = found;
  // A copy: main batches must not see what is not written yet.
  const catchUp = new KeyCatchUp(tenure, { ...start }, entry.index);
  await catchUp.run();
  return tenure.between(async () => {
    const now = tenure.parked.get(key);
    // Somebody else tried meanwhile.
    if (now !== entry) return now === undefined ? { status: 'not-parked' } : { status: 'parked', entry: now };
    await catchUp.run();
    return settle(tenure, catchUp, start);
  });
}

async function settle(tenure: Tenure, catchUp: KeyCatchUp, cached: FoldedDocument): Promise<UnparkResult> {
  const { control, lease, events } = tenure.parts;
  const { document, failed } = catchUp;
  if (catchUp.changed) {
    await tenure.write([document]);
    Object.assign(await tenure.document(cached.key), { index: document.index, body: document.body });
  }
  lease.assertHeld();
  if (failed !== undefined) {
    tenure.parked.set(failed.key, failed);
    await control.park(failed);
    events.parked?.(failed);
    return { status: 'parked', entry: failed };
  }
  await control.unpark(tenure.id, document.key);
  tenure.parked.delete(document.key);
  events.unparked?.(tenure.id, document.key);
  return { status: 'unparked' };
}

/** Folds one key's events from an index up to where the tenure is. */
class KeyCatchUp {
  changed = false;
  failed: ParkedKey | undefined;

  constructor(
    private readonly tenure: Tenure,
    readonly document: FoldedDocument,
    private next: number,
  ) {}

  async run(): Promise<void> {
    const { projection, log } = this.tenure.parts;
    const types = new Set(projection.types);
    while (this.failed === undefined && this.next <= this.tenure.index) {
      const page = (await log.readCounted(this.next, PAGE)).filter(
        ({ index }) => index! <= this.tenure.index,
      );
      if (page.length === 0)
        throw new Error(`${projectionId(projection)}: the log has no event with index ${this.next}`);
      const { key } = this.document;
      const touched = page
        .filter((event) => types.has(event.type) && projection.keys(event).includes(key))
        .map((event) => ({ event, keys: [key] }));
      const opened = await this.tenure.openFields(touched);
      const { changed, parked } = foldBatch(projection, opened, () => this.document);
      this.changed ||= changed.size > 0;
      this.failed = parked[0];
      this.next = page.at(-1)!.index! + 1;
    }
  }
}
