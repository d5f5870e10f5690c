import { join } from 'node:path';
import { CacheBudget, type CachePart, type WaitingPlace } from '@rapport/platform';
import { assertAppendRequest } from '../appending/appendRequest.ts';
import {
  type AllSlice,
  type AppendResult,
  type EventStore,
  type FollowOptions,
  NO_STREAM,
  type ReadAllOptions,
  type ReadStreamOptions,
  type StoredEvent,
  StoreError,
  type StoreHead,
  type StreamSlice,
  type StreamWrite,
} from '../eventStore.ts';
import { followLog } from '../following/followLog.ts';
import { RecentEvents } from '../following/recentEvents.ts';
import { allRange, countedRange, streamRange } from '../reading/readRange.ts';
import { openReaderConnection } from './connection.ts';
import { DirectoryLock } from './directoryLock.ts';
import { EventReader } from './eventReader.ts';
import { GroupCommit } from './groupCommit.ts';
import { makeOwnersOnly } from './ownersOnly.ts';
import { storeErrorOf } from './sqliteFailure.ts';
import { type WriterModule, WriterThread } from './writerThread.ts';

export interface EmbeddedEventStoreOptions {
  /** Data folder, created where it is missing. One process at a time. */
  readonly directory: string;
  /** Where its caches get their bytes; default: little, for tools and tests. */
  readonly caches?: CacheBudget;
  /** For tests: a writer that fails. */
  readonly writer?: WriterModule;
}

/** For a process that opens the store for a moment, without a budget of its own. */
const TOOL_CACHE_BYTES = 64 * 1024 * 1024;

/** Share of the pages' bytes that the connection gets which writes: it holds the busy part of the streams' index. */
const TO_WRITE = 0.8;

/** Events of a category read at once. */
const CATEGORY_PAGE = 256;

/** A page above this lets other events of the process through before it is handed out. */
const LONG_PAGE = 100;

/**
 * The event store of a single process: one SQLite file, `events.sqlite`, that any SQLite tool can open, also
 * while the store is in use. Writes go through a thread of their own with group commit; reads run here.
 */
export class EmbeddedEventStore implements EventStore {
  readonly #commits: GroupCommit;
  readonly #recent: RecentEvents;
  readonly #room: CachePart;
  #closing: Promise<void> | undefined;

  private constructor(
    private readonly file: string,
    private readonly lock: DirectoryLock,
    private readonly writer: WriterThread,
    private readonly reader: EventReader,
    caches: CacheBudget,
  ) {
    this.#room = caches.part('recentEvents');
    this.#recent = new RecentEvents(this.#room, reader.head().position);
    writer.onEnd = (error) => this.#recent.end(error);
    this.#commits = new GroupCommit(writer, {
      committed: (events) => this.#recent.add(events),
      uncertain: () => this.#recent.forget(),
      stored: (writes) => this.#attempt(() => reader.stored(writes)),
    });
  }

  /**
   * Opens `events.sqlite` in the folder, creating both, readable by their owner alone; after a crash the write-ahead log is taken over.
   *
   * @throws StoreError `in-use`, `read-only`, `full`, `damaged` (also another program's or a newer version's
   *   file), `unavailable`
   */
  static async open(options: EmbeddedEventStoreOptions): Promise<EmbeddedEventStore> {
    const { directory, writer: module, caches = new CacheBudget('ledger', TOOL_CACHE_BYTES) } = options;
    const pageBytes = caches.whole('eventPages');
    const headBytes = caches.whole('streamHeads');
    const file = join(directory, 'events.sqlite');
    const lock = DirectoryLock.take(directory);
    let writer: WriterThread | undefined;
    try {
      makeOwnersOnly(file);
      const writerBytes = Math.floor(pageBytes * TO_WRITE);
      writer = await WriterThread.start(file, { pageBytes: writerBytes, headBytes }, module);
      const reader = new EventReader(openReaderConnection(file, pageBytes - writerBytes));
      return new EmbeddedEventStore(file, lock, writer, reader, caches);
    } catch (error) {
      await writer?.close();
      lock.release();
      throw storeErrorOf(error, file);
    }
  }

  /** Where appends wait here. */
  get waitingPlaces(): readonly WaitingPlace[] {
    return [this.#commits.backlog];
  }

  async append(writes: readonly StreamWrite[]): Promise<AppendResult> {
    this.#assertOpen();
    assertAppendRequest(writes);
    return this.#commits.append(writes);
  }

  async readStream(stream: string, options?: ReadStreamOptions): Promise<StreamSlice> {
    const slice = this.#read(() => this.reader.readStream(stream, streamRange(options)));
    return afterTurn(slice, slice.events);
  }

  async readAll(options?: ReadAllOptions): Promise<AllSlice> {
    const slice = this.#read(() => this.reader.readAll(allRange(options)));
    return afterTurn(slice, slice.events);
  }

  async readCounted(fromIndex: number, limit: number): Promise<readonly StoredEvent[]> {
    const events = this.#read(() => this.reader.readCounted(countedRange(fromIndex, limit)));
    return afterTurn(events, events);
  }

  async *readCategory(category: string): AsyncIterable<StoredEvent> {
    for (let [stream, revision] = ['', NO_STREAM]; ;) {
      const events = this.#read(() => this.reader.readCategory(category, stream, revision, CATEGORY_PAGE));
      yield* await afterTurn(events, events);
      if (events.length < CATEGORY_PAGE) return;
      ({ stream, revision } = events.at(-1)!);
    }
  }

  follow(options: FollowOptions): AsyncIterable<readonly StoredEvent[]> {
    // While the store closes there is nothing more to read: the follower waits for its end.
    const read = async (after: number, limit: number) =>
      this.#closing === undefined ? (await this.readAll({ after, limit })).events : [];
    return followLog(this.#recent, read, options);
  }

  async head(): Promise<StoreHead> {
    return this.#read(() => this.reader.head());
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#commits.drained();
    this.#recent.end();
    await this.writer.close();
    this.reader.close();
    this.#room.close();
    this.lock.release();
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new StoreError('closed', 'the event store is closed');
  }

  #read<T>(read: () => T): T {
    this.#assertOpen();
    return this.#attempt(read);
  }

  #attempt<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw storeErrorOf(error, this.file);
    }
  }
}

/** Reading page after page must not starve the process: promises alone never let the event loop turn. */
async function afterTurn<T>(value: T, events: readonly StoredEvent[]): Promise<T> {
  if (events.length > LONG_PAGE) await new Promise(setImmediate);
  return value;
}
