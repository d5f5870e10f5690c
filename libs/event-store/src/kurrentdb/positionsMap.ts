import type { StreamWrite } from '../eventStore.ts';
import type { CountedLog } from './countedLog.ts';
import { SEGMENT_EVENTS } from './countedPositions.ts';
import type { KurrentConnection } from './kurrentConnection.ts';
import { loggedEvent, safeInteger } from './loggedEvent.ts';
import { countedStreams, positionsStream } from './logFilter.ts';
import { decodeEntry, encodeEntry, type PositionsEntry } from './positionsEntry.ts';

/** Entries read or written at once: some 3 kB each. */
const PAGE = 100;

/** Stores entries at an exact revision; false when another content stands there. */
export type AppendEntries = (write: StreamWrite) => Promise<boolean>;

/**
 * The sparse map in its stream, entry n at revision n. Entries are a pure function of the log and carry derived
 * ids, so several replicas may write them: at the exact revision one of them stores, the others repeat.
 *
 * Only an acceleration. What does not agree with the log is set aside with a warning, and the log is counted anew.
 */
export class PositionsMap {
  #generation = 1;
  #stored = 0;
  #usable = true;
  #writing: Promise<void> | undefined;

  constructor(
    private readonly connection: KurrentConnection,
    private readonly append: AppendEntries,
  ) {}

  /** The entries of the first generation that agrees with the log, in order; none in an empty one. @throws StoreError */
  async load(): Promise<readonly PositionsEntry[]> {
    for (;;) {
      const entries = await this.#read();
      if (entries !== undefined && (await this.#agrees(entries.at(-1)))) {
        this.#stored = entries.length;
        return entries;
      }
      this.setAside();
    }
  }

  /** This generation says something else than the log: on with the next one. */
  setAside(): void {
    process.emitWarning(`${this.#stream} does not agree with the log: the log is counted anew`);
    this.#generation += 1;
  }

  /** Notes all whole segments that are not noted yet, in the background, unless something is wrong with the log. */
  note(log: CountedLog): void {
    if (!this.#usable || this.#writing !== undefined || this.#due(log) <= 0) return;
    this.#writing = this.#write(log)
      .catch((error: unknown) => {
        // Nothing is lost: the same entries are due again with the next thousand events.
        process.emitWarning(`the map of counted positions could not be written: ${String(error)}`);
      })
      .finally(() => (this.#writing = undefined));
  }

  /** Notes nothing more; resolves when nothing is being written. */
  async stop(): Promise<void> {
    this.#usable = false;
    await this.#writing;
  }

  get #stream(): string {
    return positionsStream(this.#generation);
  }

  /**
   * While counted streams lose events nothing is noted. So the next start, which reads from well before the last
   * entry, sees the cause again.
   */
  #due(log: CountedLog): number {
    return log.fault === undefined ? Math.floor(log.counted.count / SEGMENT_EVENTS) - this.#stored : 0;
  }

  async #write(log: CountedLog): Promise<void> {
    for (let due = this.#due(log); due > 0 && this.#usable; due = this.#due(log)) {
      const count = Math.min(due, PAGE);
      const entries = Array.from({ length: count }, (_, n) => entryOf(log, this.#stored + n));
      const write = {
        stream: this.#stream,
        expectedRevision: this.#stored - 1,
        events: entries.map(encodeEntry),
      };
      if (await this.append(write)) this.#stored += count;
      else await this.#takeOver(log);
    }
  }

  /** Another replica was faster, and wrote in other batches: on behind what it wrote, if that is the same. */
  async #takeOver(log: CountedLog): Promise<void> {
    const stored = await this.#read();
    const further = stored?.slice(this.#stored) ?? [];
    const same = further.every(
      ({ index, position }) => log.counted.count <= index || log.counted.at(index) === position,
    );
    this.#usable = further.length > 0 && same;
    if (!this.#usable)
      process.emitWarning(`${this.#stream} does not agree with the log: nothing more is noted`);
    this.#stored += further.length;
  }

  async #read(): Promise<PositionsEntry[] | undefined> {
    const entries: PositionsEntry[] = [];
    for (;;) {
      const page = await this.connection.readStream({
        stream: this.#stream,
        from: entries.length,
        count: PAGE,
      });
      for (const { event } of page) {
        if (event === undefined || safeInteger(event.revision) !== entries.length || event.isJson)
          return undefined;
        const entry = decodeEntry(event.data as Uint8Array);
        const before = entries.at(-1)?.position ?? -1;
        if (entry?.index !== (entries.length + 1) * SEGMENT_EVENTS - 1 || entry.positions[0]! <= before)
          return undefined;
        entries.push(entry);
      }
      if (page.length < PAGE) return entries;
    }
  }

  /** The event that an entry names stands where it says. */
  async #agrees(entry: PositionsEntry | undefined): Promise<boolean> {
    if (entry === undefined) return true;
    const [found] = await this.connection.readAll({ filter: countedStreams, from: entry.position, count: 1 });
    if (found?.event === undefined) return false;
    const { position, id } = loggedEvent(found.event);
    return position === entry.position && id === entry.id;
  }
}

function entryOf({ counted, segmentIds }: CountedLog, n: number): PositionsEntry {
  const index = (n + 1) * SEGMENT_EVENTS - 1;
  const id = segmentIds.get(index);
  if (id === undefined) throw new Error(`segment ${n} was not counted here`);
  return { index, position: counted.at(index), id, positions: counted.segment(n) };
}
