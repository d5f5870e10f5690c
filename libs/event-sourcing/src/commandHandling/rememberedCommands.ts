import type { RecordedEvent } from '@rapport/contracts';
import { HEAP_BYTES, toMillis, type EpochMillis, type SizedOnHeap } from '@rapport/platform';

/** Remembered command ids leave the fold after 30 days (contract.md), counted by the stream's own time. */
export const COMMAND_MEMORY_MS = 30 * 24 * 60 * 60 * 1000;

/** A command that the stream remembers. Its events are those with its id from `first` to `last`. */
export interface RememberedCommand {
  readonly requestHmac: string;
  /** Revisions of its first and last event. */
  readonly first: number;
  readonly last: number;
  /** Of its last event. */
  readonly recordedAt: EpochMillis;
}

/** One event, for the command that recorded it. */
interface Entry {
  readonly commandId: string;
  readonly requestHmac: string;
  readonly recordedAt: EpochMillis;
  /** Revision of the command's first event since it was last forgotten; its own for that one. */
  readonly first: number;
  /** Revision of the event before this one with the same command id; -1 for none. */
  readonly previous: number;
}

/** Estimated bytes of one entry on the heap: its object, two texts of 36 and 43 characters, its places in list and index. */
const ENTRY_BYTES = 272;
const LOG_BYTES = 280;

/** Forgotten entries below this many are kept along: small streams are never copied. */
const FORGOTTEN_KEPT = 64;

/**
 * The commands that a stream remembers at one revision. Immutable for whoever holds it: the folds of one stream
 * share a log that only ever grows, and each sees its own stretch of it. Adding an event is O(1), amortised; only
 * what contradicts the log (another event at a revision that it has) makes a copy.
 */
export class RememberedCommands implements Iterable<readonly [string, RememberedCommand]>, SizedOnHeap {
  static readonly none = new RememberedCommands(undefined, 0, 0);

  readonly #log: CommandLog | undefined;
  /** Commands whose first event is before this revision are forgotten. */
  readonly #start: number;
  /** Exclusive. */
  readonly #end: number;

  private constructor(log: CommandLog | undefined, start: number, end: number) {
    this.#log = log;
    this.#start = start;
    this.#end = end;
  }

  get(commandId: string): RememberedCommand | undefined {
    const log = this.#log;
    const last = log?.lastBefore(this.#end, commandId) ?? -1;
    if (log === undefined || last < this.#start) return undefined;
    const { requestHmac, first, recordedAt } = log.at(last);
    return first < this.#start ? undefined : { requestHmac, first, last, recordedAt };
  }

  has(commandId: string): boolean {
    return this.get(commandId) !== undefined;
  }

  /** In the order in which they were first recorded. */
  *[Symbol.iterator](): Iterator<readonly [string, RememberedCommand]> {
    for (let revision = this.#start; revision < this.#end; revision += 1) {
      const { commandId, first } = this.#log!.at(revision);
      if (first === revision) yield [commandId, this.get(commandId)!];
    }
  }

  /** Of the whole log, which the newest fold keeps alive. */
  [HEAP_BYTES](): number {
    return this.#log === undefined ? 0 : LOG_BYTES + (this.#log.end - this.#log.base) * ENTRY_BYTES;
  }

  /** With the stream's next event, and without what it makes too old. */
  with({ revision, commandId, requestHmac, recordedAt }: RecordedEvent): RememberedCommands {
    const at = toMillis(recordedAt);
    const log = this.#logFor(revision, commandId, requestHmac, at);
    if (revision === log.end) {
      const first = this.get(commandId)?.first ?? revision;
      log.add({
        commandId,
        requestHmac,
        recordedAt: at,
        first,
        previous: log.lastBefore(revision, commandId),
      });
    }
    // After each event, not once for all: what is remembered must not depend on how the stream was paged.
    return new RememberedCommands(
      log,
      startAfter(log, Math.max(this.#start, log.base), revision, at),
      revision + 1,
    );
  }

  /** The log that has this event at its revision, or can take it there. */
  #logFor(revision: number, commandId: string, requestHmac: string, at: EpochMillis): CommandLog {
    const log = this.#log;
    if (log === undefined) return new CommandLog(revision, []);
    if (revision < log.end) {
      const known = log.at(revision);
      const same =
        known.commandId === commandId && known.requestHmac === requestHmac && known.recordedAt === at;
      return same ? log : log.copy(this.#start, this.#end);
    }
    const forgotten = this.#start - log.base;
    // Copies no more than were forgotten since the last copy.
    const spare = forgotten > FORGOTTEN_KEPT && forgotten > this.#end - this.#start;
    return spare ? log.copy(this.#start, this.#end) : log;
  }
}

/** Commands leave in the order in which they came; clocks may step back, so it stops at the first that stays. */
function startAfter(log: CommandLog, from: number, revision: number, at: EpochMillis): number {
  let start = from;
  for (; start < revision; start += 1) {
    const { commandId, first } = log.at(start);
    // A later event of a command that is forgotten already.
    if (first !== start) continue;
    if (log.at(log.lastBefore(revision + 1, commandId)).recordedAt >= at - COMMAND_MEMORY_MS) break;
  }
  return start;
}

/** A stream's events by revision from `base` on; only ever added to. */
class CommandLog {
  private readonly lastOf = new Map<string, number>();

  constructor(
    readonly base: number,
    private readonly entries: Entry[],
  ) {
    entries.forEach(({ commandId }, n) => this.lastOf.set(commandId, base + n));
  }

  get end(): number {
    return this.base + this.entries.length;
  }

  at(revision: number): Entry {
    return this.entries[revision - this.base]!;
  }

  add(entry: Entry): void {
    this.lastOf.set(entry.commandId, this.end);
    this.entries.push(entry);
  }

  /** Revision of the command's last event before `end`; -1, or one before `base`, for none. */
  lastBefore(end: number, commandId: string): number {
    let last = this.lastOf.get(commandId) ?? -1;
    while (last >= end) last = this.at(last).previous;
    return last;
  }

  copy(from: number, end: number): CommandLog {
    return new CommandLog(from, this.entries.slice(from - this.base, end - this.base));
  }
}
