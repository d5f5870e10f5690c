import type { ParkedKey } from '../viewStore.ts';
import { foldedDocument } from './documentCache.ts';
import type { FoldedDocument } from './documentCache.ts';
import type { LogEvent } from './eventLog.ts';
import { foldBatch } from './foldBatch.ts';
import type { TouchedKeys } from './foldBatch.ts';
import { guessedKeys, keysOf } from './keysOf.ts';
import type { Tenure } from './tenure.ts';
import { HeldByStream } from './touch.ts';

const PAGE = 1_000;

/** A parked key on its way back. */
export interface ReturningKey {
  readonly entry: ParkedKey;
  /** As the store has it. */
  readonly stored: FoldedDocument;
  /**
   * The document has seen events behind the one that it waits for: it is folded anew from the log's first event, since
   * nothing that was folded without that event can be trusted.
   */
  readonly refolds: boolean;
  /** As folded by now. */
  readonly document: FoldedDocument;
  /** At the event at which it fails again. */
  failed?: ParkedKey;
}

export function returningKey(entry: ParkedKey, stored: FoldedDocument): ReturningKey {
  const refolds = stored.index >= entry.index;
  const document = refolds ? foldedDocument(entry.key, undefined, undefined) : { ...stored };
  return { entry, stored, refolds, document };
}

/** Folds what parked keys have missed, up to where the tenure is, in one walk over the log. */
export class KeysCatchUp {
  private readonly types: ReadonlySet<string>;
  private next: number;

  constructor(
    private readonly tenure: Tenure,
    private readonly keys: ReadonlyMap<string, ReturningKey>,
  ) {
    this.types = new Set(tenure.parts.projection.types);
    this.next = Math.min(...[...keys.values()].map(beginOf));
  }

  /** To be run once while other keys go on, and again between two batches for what arrived meanwhile. */
  async run(): Promise<void> {
    while (
      this.next <= this.tenure.index &&
      [...this.keys.values()].some(({ failed }) => failed === undefined)
    ) {
      const page = await this.tenure.readCounted(this.next, PAGE);
      await this.fold(page.filter(({ type }) => this.types.has(type)));
      this.next = page.at(-1)!.index! + 1;
    }
  }

  private async fold(events: readonly LogEvent[]): Promise<void> {
    const { projection } = this.tenure.parts;
    const held = await this.tenure.parked.streamsAmong(events);
    const touched = events.flatMap((event) => this.touched(event, held.get(event.stream)) ?? []);
    const opened = await this.tenure.openFields(touched);
    const { parked } = foldBatch(projection, opened, (key) => this.keys.get(key)!.document);
    for (const entry of parked) this.keys.get(entry.key)!.failed = entry;
  }

  private touched(event: LogEvent, heldFrom = Infinity): TouchedKeys | undefined {
    const { projection } = this.tenure.parts;
    const index = event.index!;
    const concerned = (keys: Iterable<string>): string[] =>
      [...keys].filter((key) => {
        const returning = this.keys.get(key);
        return returning !== undefined && index >= beginOf(returning);
      });
    let touched: TouchedKeys;
    try {
      touched =
        index >= heldFrom
          ? { event, keys: concerned(guessedKeys(projection, event)), failure: new HeldByStream() }
          : { event, keys: concerned(keysOf(projection, event)) };
    } catch (failure) {
      // It may touch any of them: they wait until it can be told.
      touched = { event, keys: concerned(this.keys.keys()), failure };
    }
    return touched.keys.length === 0 ? undefined : touched;
  }
}

function beginOf({ refolds, entry }: ReturningKey): number {
  return refolds ? 0 : entry.index;
}
