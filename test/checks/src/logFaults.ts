import type { StoredEvent } from './storedEvent.ts';

/** Faults that are told; the others are only counted. */
const TOLD = 20;

/** Whether a log is whole, event by event: indexes and revisions without a gap, no event id twice. */
export class LogFaults {
  private readonly ids = new Set<string>();
  private readonly revisions = new Map<string, number>();
  private readonly told: string[] = [];
  private untold = 0;
  private next = 0;

  /** The next event of the log. */
  take({ index, id, stream, revision }: StoredEvent): void {
    if (index !== this.next) this.tell(`index ${index} follows ${this.next - 1}`);
    if (this.ids.has(id)) this.tell(`event ${id} stands twice, the second time at index ${index}`);
    const before = this.revisions.get(stream) ?? -1;
    if (revision !== before + 1) this.tell(`${stream}: revision ${revision} follows ${before}`);
    this.next = index + 1;
    this.ids.add(id);
    this.revisions.set(stream, revision);
  }

  /** Events so far. */
  get count(): number {
    return this.ids.size;
  }

  /** None where it is whole. */
  get all(): readonly string[] {
    return this.untold === 0 ? this.told : [...this.told, `and ${this.untold} more`];
  }

  private tell(fault: string): void {
    if (this.told.length < TOLD) this.told.push(fault);
    else this.untold += 1;
  }
}

/** What is not whole in a log that is at hand as a list; none where it is. */
export function faultsOf(log: readonly StoredEvent[]): readonly string[] {
  const faults = new LogFaults();
  for (const event of log) faults.take(event);
  return faults.all;
}
