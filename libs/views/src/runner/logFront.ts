import { storedEventBytes, type EventStore, type StoredEvent } from '@rapport/event-store';
import { unlessAborted, type CachePart, type Timers } from '@rapport/platform';
import type { LogEvent } from './eventLog.ts';

/** Someone who follows; `position` is of the last event that it was given. */
export interface Follower {
  position: number;
}

export interface LogFrontOptions {
  readonly after: number;
  readonly batchSize: number;
  /** Events that are kept. */
  readonly window: number;
  /** For them: whichever of the two is full first. */
  readonly room: CachePart;
  readonly patience: number;
  readonly read: (stored: StoredEvent) => LogEvent;
}

/** A batch as it was read, with what of it was decoded so far. */
interface Page {
  readonly stored: readonly StoredEvent[];
  readonly decoded: (LogEvent | undefined)[];
  /** Estimated, decoded. */
  readonly bytes: number;
}

/** One pass over the log and the last stretch of it, for those who are near. Decoded is what one of them wants. */
export class LogFront {
  /** Position of the last event that was read. */
  end: number;
  failed = false;
  private start: number;
  private pages: Page[] = [];
  private kept = 0;
  private readonly followers = new Set<Follower>();
  private readonly stopping = new AbortController();
  private readonly source: AsyncIterator<readonly StoredEvent[]>;
  private ahead: Promise<IteratorResult<readonly StoredEvent[]>> | undefined;
  private pulling: Promise<'more' | 'ended'> | undefined;
  private onMove: (() => void) | undefined;

  constructor(
    store: Pick<EventStore, 'follow'>,
    private readonly timers: Timers,
    private readonly options: LogFrontOptions,
  ) {
    const { after, batchSize } = options;
    this.start = after;
    this.end = after;
    this.source = store.follow({ after, batchSize, signal: this.stopping.signal })[Symbol.asyncIterator]();
  }

  covers(position: number): boolean {
    return this.start <= position && position <= this.end;
  }

  join(follower: Follower): void {
    this.followers.add(follower);
  }

  leave(follower: Follower): 'empty' | 'used' {
    this.followers.delete(follower);
    this.moved();
    if (this.followers.size > 0) return 'used';
    this.stopping.abort();
    return 'empty';
  }

  /** Nobody follows it any more. */
  close(): void {
    this.options.room.close();
  }

  /** A follower went on or left: whoever waits for it looks again. */
  moved(): void {
    this.onMove?.();
  }

  /**
   * What is kept after a position, at most `limit` events; undefined at the end of it. Of counted events only those of
   * the wanted types, the last, and the last event of all.
   */
  after(position: number, limit: number, wanted?: ReadonlySet<string>): readonly LogEvent[] | undefined {
    if (position >= this.end) return undefined;
    let first = this.pages.length - 1;
    while (first > 0 && endOf(this.pages[first - 1]!) > position) first--;
    // Small pages, as they come at the head, are handed out together to who is late.
    let until = first;
    let size = 0;
    do size += this.pages[until++]!.stored.length;
    while (until < this.pages.length && size + this.pages[until]!.stored.length <= limit);

    const events: LogEvent[] = [];
    let lastCounted = true;
    for (let p = until - 1; p >= first; p--) {
      const { stored, decoded } = this.pages[p]!;
      for (let i = stored.length - 1; i >= 0; i--) {
        const event = stored[i]!;
        if (event.position <= position) break;
        const counted = event.index !== null;
        const needed = !counted || lastCounted || wanted === undefined || wanted.has(event.type);
        if (counted) lastCounted = false;
        if (needed) events.push((decoded[i] ??= this.options.read(event)));
      }
    }
    return events.reverse();
  }

  /** Reads on, once for all who ask; returns early when `signal` aborts. */
  async pull(signal: AbortSignal): Promise<'more' | 'ended'> {
    this.pulling ??= this.read().finally(() => (this.pulling = undefined));
    return (await unlessAborted(this.pulling, signal)) ?? 'ended';
  }

  private async read(): Promise<'more' | 'ended'> {
    try {
      await this.waitForHindmost();
      const { done, value } = await (this.ahead ?? this.source.next());
      if (done === true) {
        this.failed = true;
        return 'ended';
      }
      // The store reads the next batch while this one is folded.
      this.ahead = this.source.next();
      this.ahead.catch(() => undefined);
      this.keep(value);
      return 'more';
    } catch (error) {
      this.failed = true;
      throw error;
    }
  }

  private keep(stored: readonly StoredEvent[]): void {
    if (stored.length === 0) return;
    const { room } = this.options;
    const bytes = stored.reduce((sum, event) => sum + storedEventBytes(event), 0);
    const page: Page = { stored, decoded: stored.map(() => undefined), bytes };
    this.pages.push(page);
    this.kept += stored.length;
    room.bytes += bytes;
    this.end = endOf(page);
    while (this.overfull(0, 0) && this.pages.length > 1) {
      const dropped = this.pages.shift()!;
      this.kept -= dropped.stored.length;
      room.bytes -= dropped.bytes;
      this.start = endOf(dropped);
    }
  }

  /** Whether the window would hold too much with a page of as many events and bytes. */
  private overfull(events: number, bytes: number): boolean {
    const { window, room } = this.options;
    return this.kept + events > window || room.bytes + bytes > room.limit;
  }

  /** The window is full and someone needs its oldest page: waits, but only while those behind go on. */
  private async waitForHindmost(): Promise<void> {
    // The next page is taken to be about as large as the last.
    while (this.overfull(this.options.batchSize, this.pages.at(-1)?.bytes ?? 0)) {
      const oldest = this.pages.length === 0 ? this.end : endOf(this.pages[0]!);
      const needed = [...this.followers].some(({ position }) => position >= this.start && position < oldest);
      if (!needed) return;
      const moved = await new Promise<boolean>((resolve) => {
        const cancel = this.timers.schedule(this.options.patience, () => resolve(false));
        this.onMove = () => {
          cancel();
          resolve(true);
        };
      });
      this.onMove = undefined;
      if (!moved) return;
    }
  }
}

function endOf({ stored }: Page): number {
  return stored.at(-1)!.position;
}
