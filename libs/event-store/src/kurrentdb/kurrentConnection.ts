import {
  type AllStreamResolvedEvent,
  type Filter,
  KurrentDBClient,
  type ResolvedEvent,
  StreamNotFoundError,
} from '@kurrent/kurrentdb-client';
import { inTime, type Timers } from '@rapport/platform';
import { StoreError } from '../eventStore.ts';
import { isConnectionLost, storeErrorOf } from './kurrentFailure.ts';
import { pairOf } from './loggedEvent.ts';
import { closeChannel, refuseCompression } from './refuseCompression.ts';

export interface ReadAllPart {
  readonly filter: Filter;
  /** Inclusive. `start` and `end` are the two ends of the log. */
  readonly from: number | 'start' | 'end';
  readonly backwards?: boolean;
  readonly count: number;
  /** On top of the time allowed, in milliseconds: for who has the server look through much that it finds nothing in. */
  readonly extraMs?: number;
}

export interface ReadStreamPart {
  readonly stream: string;
  /** Inclusive; `end` reads backwards from the head. */
  readonly from: number | 'end';
  readonly backwards?: boolean;
  readonly count: number;
}

/**
 * The client, replaced by a fresh one whenever it may be what is broken, and never waited for longer than the time
 * allowed: the client's own deadlines do not cover everything (a frozen server took 19 s to fail).
 *
 * Reads are always drained: the Rust half has no way to cancel one, and an unread answer would keep the
 * connection's flow control window from all others.
 */
export class KurrentConnection {
  #client: KurrentDBClient | undefined;
  #closed = false;

  constructor(
    private readonly connectionString: string,
    private readonly timers: Timers,
    private readonly timeoutMs: number,
  ) {}

  get client(): KurrentDBClient {
    if (this.#closed) throw new StoreError('closed', 'the event store is closed');
    this.#client ??= connect(this.connectionString);
    return this.#client;
  }

  /** Runs one request. @throws the client's error; StoreError `unavailable` after the time allowed */
  async request<T>(run: (client: KurrentDBClient) => Promise<T>, extraMs = 0): Promise<T> {
    const client = this.client;
    try {
      return await this.#inTime(run(client), this.timeoutMs + extraMs);
    } catch (error) {
      if (isConnectionLost(error)) this.renew(client);
      throw error;
    }
  }

  /** Events of all streams that the filter lets through. @throws StoreError */
  readAll({ filter, from, backwards, count, extraMs }: ReadAllPart): Promise<AllStreamResolvedEvent[]> {
    return this.#read(
      (client) =>
        client.readAll({
          direction: backwards === true ? 'backwards' : 'forwards',
          fromPosition: typeof from === 'number' ? pairOf(from) : from,
          filter,
          maxCount: count,
          requiresLeader: true,
        }),
      extraMs,
    );
  }

  /** Events of one stream; none when it does not exist. @throws StoreError */
  async readStream({ stream, from, backwards, count }: ReadStreamPart): Promise<ResolvedEvent[]> {
    return this.#read((client) =>
      client.readStream(stream, {
        direction: backwards === true ? 'backwards' : 'forwards',
        fromRevision: typeof from === 'number' ? BigInt(from) : from,
        maxCount: count,
        requiresLeader: true,
      }),
    );
  }

  /** The next request gets a fresh client, unless it has been replaced already. */
  renew(failed: KurrentDBClient): void {
    if (this.#client !== failed) return;
    this.#client = undefined;
    discard(failed);
  }

  close(): void {
    this.#closed = true;
    if (this.#client !== undefined) discard(this.#client);
    this.#client = undefined;
  }

  async #read<T>(read: (client: KurrentDBClient) => AsyncIterable<T>, extraMs?: number): Promise<T[]> {
    try {
      return await this.request(async (client) => {
        const events: T[] = [];
        try {
          for await (const event of read(client)) events.push(event);
        } catch (error) {
          if (!(error instanceof StreamNotFoundError)) throw error;
        }
        return events;
      }, extraMs);
    } catch (error) {
      throw storeErrorOf(error);
    }
  }

  #inTime<T>(answer: Promise<T>, ms: number): Promise<T> {
    const late = () => new StoreError('unavailable', `KurrentDB did not answer within ${ms} ms`);
    return inTime(answer, ms, late, this.timers);
  }
}

/** @throws StoreError `invalid`, without the string: it may hold a password */
function connect(connectionString: string): KurrentDBClient {
  try {
    // The scheme of old is accepted by the client with a warning that prints nothing of use.
    const client = KurrentDBClient.connectionString(
      connectionString.replace(/^esdb(\+discover)?:/, 'kurrentdb$1:'),
    );
    refuseCompression(client);
    return client;
  } catch {
    throw new StoreError(
      'invalid',
      'the event store’s connection string cannot be read: kurrentdb://user:password@host:2113?tls=true',
    );
  }
}

function discard(client: KurrentDBClient): void {
  const given = (error: unknown) =>
    process.emitWarning(`closing a connection to KurrentDB failed: ${String(error)}`);
  client.dispose().catch(given);
  closeChannel(client).catch(() => {
    // A channel that was never made, because the server was never found: nothing is open.
  });
}
