import { AccessDeniedError } from '@kurrent/kurrentdb-client';
import { isCounted } from '@rapport/contracts';
import { CacheBudget, systemTimers, type Follower, type Timers } from '@rapport/platform';
import { assertAppendRequest, idStoredElsewhere } from '../appending/appendRequest.ts';
import {
  type AllSlice,
  type AppendResult,
  BEFORE_FIRST,
  type EventStore,
  type FollowOptions,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RevisionConflict,
  type StoredEvent,
  StoreError,
  type StoreHead,
  type StreamSlice,
  type StreamWrite,
} from '../eventStore.ts';
import { followLog } from '../following/followLog.ts';
import { allRange, countedRange, streamRange } from '../reading/readRange.ts';
import { CountedLog, MapDisagrees } from './countedLog.ts';
import { SEGMENT_EVENTS } from './countedPositions.ts';
import { IdClaims } from './idClaims.ts';
import { KurrentConnection } from './kurrentConnection.ts';
import { isRefusal, storeErrorOf } from './kurrentFailure.ts';
import { KurrentReader } from './kurrentReader.ts';
import type { LoggedEvent } from './loggedEvent.ts';
import { LogFollower } from './logFollower.ts';
import { PositionsMap } from './positionsMap.ts';
import { assertKeepingDefaults, SETTINGS_STREAM } from './retention.ts';
import { type AppendAnswer, sendAppend } from './sendAppend.ts';
import { REMEMBERED_IDS } from '../embedded/recentIds.ts';

export interface KurrentEventStoreOptions {
  /** `kurrentdb://user:password@host:2113?tls=true`, also `esdb://`, also with `+discover`. KurrentDB 26.1 or later. */
  readonly connectionString: string;
  /** How long one request may take, in milliseconds; default 5,000. */
  readonly requestTimeoutMs?: number;
  /** How long an append is repeated before it is `unavailable`, in milliseconds; default 15,000. */
  readonly appendTimeoutMs?: number;
  readonly timers?: Timers;
  /** Where the newest events get their bytes; default: little, for tools and tests. */
  readonly caches?: CacheBudget;
}

/** For a process that opens the store for a moment, without a budget of its own. */
const TOOL_CACHE_BYTES = 64 * 1024 * 1024;

/** Pause before an append is sent again, in milliseconds. */
const RETRY_PAUSE = 100;

/**
 * The event store on KurrentDB, shared by several processes. A follower counts the log in each of them; appends
 * are answered with what it brings, hence with what is stored and its index. Why so: docs/decisions/0020.
 */
export class KurrentEventStore implements EventStore {
  readonly #reader: KurrentReader;
  readonly #claims = new IdClaims();
  readonly #appending = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  private constructor(
    private readonly options: Required<KurrentEventStoreOptions>,
    private readonly connection: KurrentConnection,
    private readonly log: CountedLog,
    private readonly follower: LogFollower,
    private readonly map: PositionsMap,
  ) {
    this.#reader = new KurrentReader(connection, (events) => this.#counted(events));
  }

  /**
   * Connects, and reads the log from some 65,536 counted events before its head, where its map is noted, else from
   * its start.
   *
   * @throws StoreError `unavailable`, `invalid` (the connection string), `damaged` (counted streams are set up to
   *   lose events, or were written by another program)
   */
  static async open(given: KurrentEventStoreOptions): Promise<KurrentEventStore> {
    const options = {
      requestTimeoutMs: 5_000,
      appendTimeoutMs: 15_000,
      timers: systemTimers,
      caches: new CacheBudget('ledger', TOOL_CACHE_BYTES),
      ...given,
    };
    const connection = new KurrentConnection(
      options.connectionString,
      options.timers,
      options.requestTimeoutMs,
    );
    try {
      assertKeepingDefaults(await settingsOf(connection));
      return await KurrentEventStore.#open(connection, options);
    } catch (error) {
      connection.close();
      throw storeErrorOf(error);
    }
  }

  static async #open(
    connection: KurrentConnection,
    options: Required<KurrentEventStoreOptions>,
  ): Promise<KurrentEventStore> {
    const map = new PositionsMap(connection, async (write) => {
      const answer = await repeatedAppend(connection, options, [write]);
      return answer.status === 'stored';
    });
    const room = options.caches.part('recentEvents');
    for (;;) {
      const entries = await map.load();
      const log = new CountedLog(room, entries, startOf(entries.length));
      const follower = new LogFollower(log, connection, options.timers, () => map.note(log));
      try {
        await follower.catchUp();
        follower.start();
        return new KurrentEventStore(options, connection, log, follower, map);
      } catch (error) {
        if (!(error instanceof MapDisagrees)) throw error;
        map.setAside();
      }
    }
  }

  async append(writes: readonly StreamWrite[]): Promise<AppendResult> {
    this.#assertOpen();
    assertAppendRequest(writes);
    const appending = this.#append(writes);
    this.#appending.add(appending);
    try {
      return await appending;
    } catch (error) {
      throw storeErrorOf(error);
    } finally {
      this.#appending.delete(appending);
    }
  }

  async readStream(stream: string, options?: ReadStreamOptions): Promise<StreamSlice> {
    this.#assertOpen();
    return this.#reader.readStream(stream, streamRange(options));
  }

  async readAll(options?: ReadAllOptions): Promise<AllSlice> {
    this.#assertOpen();
    return this.#reader.readAll(allRange(options));
  }

  async readCounted(fromIndex: number, limit: number): Promise<readonly StoredEvent[]> {
    this.#assertOpen();
    const range = countedRange(fromIndex, limit);
    // Another process may have appended what this one has not counted yet.
    if (range.from >= this.log.counted.count) await this.head();
    if (range.from >= this.log.counted.count) return [];
    return this.#reader.readCountedFrom(this.log.counted.at(range.from), range.limit);
  }

  async *readCategory(category: string): AsyncIterable<StoredEvent> {
    const { position } = await this.head();
    yield* this.#reader.readCategory(category, position);
  }

  follow(options: FollowOptions): AsyncIterable<readonly StoredEvent[]> {
    return followLog(this.log.recent, (after, limit) => this.#readOn(after, limit, options.signal), options);
  }

  async head(): Promise<StoreHead> {
    this.#assertOpen();
    const position = await this.#reader.headPosition();
    await this.follower.reach(position, this.options.requestTimeoutMs);
    return { position, index: this.log.counted.countThrough(position) - 1 };
  }

  /** Counts the log in this process. */
  get followers(): readonly Follower[] {
    const progress = async () => this.follower.progress(await this.#reader.headPosition());
    return [{ kind: 'counting', name: 'log', progress }];
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.log.recent.end();
    await Promise.allSettled(this.#appending);
    await this.map.stop();
    await this.follower.stop();
    this.connection.close();
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new StoreError('closed', 'the event store is closed');
    this.follower.assertSound();
  }

  #append(writes: readonly StreamWrite[]): Promise<AppendResult> {
    if (writes.every(({ events }) => events.length === 0)) return this.#check(writes);
    return this.#claims.run(writes, async () => {
      if (this.#standsElsewhere(writes)) {
        const conflicts = await this.#conflicts(writes);
        if (conflicts.length > 0) return { status: 'conflict', conflicts };
        throw idStoredElsewhere();
      }
      const expected = this.log.expect(writes.flatMap(({ events }) => events.map(({ id }) => id)));
      try {
        const answer = await repeatedAppend(this.connection, this.options, writes);
        return answer.status === 'conflict'
          ? answer
          : await this.#stored(writes, answer.position, expected.seen);
      } finally {
        expected.forget();
      }
    });
  }

  /** What is stored: as the follower brought it, or, for a repeat of something older, read from its place. */
  async #stored(
    writes: readonly StreamWrite[],
    position: number,
    seen: ReadonlyMap<string, StoredEvent>,
  ): Promise<AppendResult> {
    await this.follower.reach(position, this.options.requestTimeoutMs);
    const brought = writes.flatMap(({ events }) => events.map(({ id }) => seen.get(id)));
    if (brought.every((event) => event !== undefined)) return { status: 'appended', events: brought };
    const standing = await this.#reader.standing(writes);
    if (standing === undefined) {
      throw new StoreError(
        'damaged',
        'the store says that it stored events, and other events stand in their places',
      );
    }
    return { status: 'appended', events: await this.#counted(standing) };
  }

  /** KurrentDB refuses an append without events, so what is only checked is read. */
  async #check(writes: readonly StreamWrite[]): Promise<AppendResult> {
    let conflicts = await this.#conflicts(writes);
    // Streams only grow: heads that are still the same after all were read held together in between.
    if (conflicts.length === 0 && writes.length > 1) conflicts = await this.#conflicts(writes);
    return conflicts.length > 0 ? { status: 'conflict', conflicts } : { status: 'appended', events: [] };
  }

  async #conflicts(writes: readonly StreamWrite[]): Promise<readonly RevisionConflict[]> {
    const heads = await Promise.all(
      writes.map(async ({ stream, expectedRevision }) => ({
        stream,
        expectedRevision,
        actualRevision: await this.#reader.headRevision(stream),
      })),
    );
    return heads.filter(({ expectedRevision, actualRevision }) => expectedRevision !== actualRevision);
  }

  #standsElsewhere(writes: readonly StreamWrite[]): boolean {
    return writes.some(({ stream, expectedRevision, events }) =>
      events.some(({ id }, n) => {
        const place = this.log.places.get(id);
        return (
          place !== undefined && (place.stream !== stream || place.revision !== expectedRevision + 1 + n)
        );
      }),
    );
  }

  async #counted(events: readonly LoggedEvent[]): Promise<readonly StoredEvent[]> {
    const furthest = events.reduce((most, { position }) => Math.max(most, position), BEFORE_FIRST);
    await this.follower.reach(furthest, this.options.requestTimeoutMs);
    return events.map((event) => ({
      ...event,
      index: isCounted(event.stream) ? this.log.counted.indexOf(event.position) : null,
    }));
  }

  /** A follower goes on through every interruption, until it is told to end. */
  async #readOn(after: number, limit: number, signal: AbortSignal): Promise<readonly StoredEvent[]> {
    while (this.#closing === undefined && !signal.aborted) {
      try {
        return (await this.#reader.readAll(allRange({ after, limit }))).events;
      } catch (error) {
        const failure = storeErrorOf(error);
        if (failure.failure === 'closed') break;
        if (failure.failure !== 'unavailable') throw failure;
        await this.options.timers.sleep(RETRY_PAUSE, signal).catch(() => {
          // Aborted: the loop ends.
        });
      }
    }
    return [];
  }
}

/** The defaults of all streams; only administrators may read them, and they hold nothing but access rights in 26.1. */
async function settingsOf(connection: KurrentConnection): Promise<unknown> {
  try {
    const part = { stream: SETTINGS_STREAM, from: 'end', backwards: true, count: 1 } as const;
    const [settings] = await connection.readStream(part);
    return settings?.event?.data;
  } catch (error) {
    if (error instanceof StoreError && error.cause instanceof AccessDeniedError) return undefined;
    throw error;
  }
}

/** How many entries of the map lie before the last 65,536 events, whose ids must be known. */
function startOf(entries: number): number {
  return Math.max(0, entries - Math.ceil(REMEMBERED_IDS / SEGMENT_EVENTS) - 1);
}

/**
 * Sends an append until there is an answer: again with the same ids and the same expected revisions, which stores
 * nothing twice.
 *
 * @throws StoreError `unavailable` when it is unknown whether it was stored
 */
async function repeatedAppend(
  connection: KurrentConnection,
  { timers, appendTimeoutMs }: Required<KurrentEventStoreOptions>,
  writes: readonly StreamWrite[],
): Promise<AppendAnswer> {
  let timeUp = false;
  const cancel = timers.schedule(appendTimeoutMs, () => (timeUp = true));
  try {
    for (;;) {
      try {
        return await connection.request((client) => sendAppend(client, writes));
      } catch (error) {
        const failure = storeErrorOf(error);
        if (failure.failure !== 'unavailable' || isRefusal(error) || timeUp) throw failure;
        await timers.sleep(RETRY_PAUSE);
      }
    }
  } finally {
    cancel();
  }
}
