import {
  allRange,
  countedRange,
  MAX_PAGE_BYTES,
  NO_STREAM,
  paced,
  SharedTail,
  streamRange,
  type AllSlice,
  type EventStore,
  type FollowOptions,
  type Pacing,
  type ReadAllOptions,
  type ReadStreamOptions,
  type StoredEvent,
  type StreamSlice,
} from '@rapport/event-store';
import type { RequestClient } from '@rapport/messaging';
import { systemMonotonicClock, systemTimers, unlessAborted, type CacheBudget } from '@rapport/platform';
import { anotherLog } from './anotherLog.ts';
import type { LogHead } from './ledger.ts';
import { LedgerCalls, type LedgerCallOptions } from './ledgerCalls.ts';
import {
  LEDGER_SUBJECTS,
  MAX_WAIT_MS,
  type HeadReply,
  type ReadAfterMessage,
  type ReadAfterReply,
  type ReadCountedMessage,
  type ReadCountedReply,
  type ReadStreamMessage,
  type ReadStreamReply,
} from './ledgerMessages.ts';
import { fromMessage, type StoredEventMessage } from './storedEventMessage.ts';

/** The reading side of the event store, for those who may not write to it. */
export type LogReader = Pick<EventStore, 'readStream' | 'readAll' | 'readCounted' | 'follow'> & {
  head(): Promise<LogHead>;
};

export interface RemoteLogOptions extends LedgerCallOptions {
  /** How long one question for something new waits at the ledger, in milliseconds; default 2,000: a question that
   * a killed ledger will never answer keeps everyone who follows waiting that much longer. */
  readonly waitMs?: number;
  /** Where the newest events get their bytes; default: little, for who only asks. */
  readonly caches?: CacheBudget;
}

const ASKING_BYTES = 8 * 1024 * 1024;

/**
 * The log, read through the ledger: pages as large as a message, the bytes as they are stored. All who follow share
 * one question for what is new.
 */
export class RemoteLog implements LogReader {
  private readonly calls: LedgerCalls;
  private readonly tail: SharedTail;
  private readonly waitMs: number;
  private readonly pacing: Omit<Pacing, 'signal'>;
  private known: string | undefined;

  constructor(
    private readonly requests: RequestClient,
    options: RemoteLogOptions = {},
  ) {
    this.calls = new LedgerCalls(requests, options);
    this.waitMs = Math.min(options.waitMs ?? 2_000, MAX_WAIT_MS);
    const { timers = systemTimers, monotonic = systemMonotonicClock } = options;
    this.pacing = { timers, monotonic };
    this.tail = new SharedTail(
      { head: () => this.head(), follow: (following) => this.news(following) },
      async (after, limit) => (await this.readAll({ after, limit })).events,
      options.caches?.part('recentEvents') ?? { bytes: 0, limit: ASKING_BYTES },
    );
  }

  async readStream(stream: string, options: ReadStreamOptions = {}): Promise<StreamSlice> {
    const { backwards, from, limit } = streamRange(options);
    const page = new Page(limit);
    let headRevision = NO_STREAM;
    for (let next = from; !page.full;) {
      const message: ReadStreamMessage = { ...options, stream, fromRevision: next, limit: page.room };
      const reply = await this.calls.call<ReadStreamReply>(LEDGER_SUBJECTS.readStream, message);
      headRevision = reply.headRevision;
      const last = page.add(reply.events);
      if (last === undefined || last.revision === (backwards ? 0 : headRevision)) break;
      next = backwards ? last.revision - 1 : last.revision + 1;
    }
    return { events: page.events, headRevision };
  }

  async readAll(options: ReadAllOptions = {}): Promise<AllSlice> {
    const { limit } = allRange(options);
    const page = new Page(limit);
    let end = false;
    for (let { after } = options; !page.full && !end;) {
      const message: ReadAfterMessage = { ...options, after, limit: page.room };
      const reply = await this.calls.call<ReadAfterReply>(LEDGER_SUBJECTS.readAfter, message);
      after = page.add(reply.events)?.position ?? after;
      end = reply.end && !page.cut;
    }
    return { events: page.events, end };
  }

  async readCounted(fromIndex: number, limit: number): Promise<readonly StoredEvent[]> {
    countedRange(fromIndex, limit);
    const page = new Page(limit);
    for (let [next, end] = [fromIndex, false]; !page.full && !end;) {
      const message: ReadCountedMessage = { fromIndex: next, limit: page.room };
      const reply = await this.calls.call<ReadCountedReply>(LEDGER_SUBJECTS.readCounted, message);
      next = (page.add(reply.events)?.index ?? next) + 1;
      end = reply.end;
    }
    return page.events;
  }

  follow(options: FollowOptions): AsyncIterable<readonly StoredEvent[]> {
    return this.tail.follow(options);
  }

  /** The same for streams of some categories: the ledger keeps the others. Not shared with others who follow. */
  followCategories(
    options: Required<Pick<Following, 'categories'>> & Following,
  ): AsyncIterable<readonly StoredEvent[]> {
    return this.news(options);
  }

  /** @throws Problem `unavailable` when it is not the log any more that this process began with */
  async head(): Promise<LogHead> {
    const { logId, position, index } = await this.calls.call<HeadReply>(LEDGER_SUBJECTS.head, {});
    this.known ??= logId;
    if (logId !== this.known) throw anotherLog();
    return { logId, position, index };
  }

  /** The log that this process knows, once it has asked for a head. */
  get logId(): string | undefined {
    return this.known;
  }

  /** Everyone who follows ends; nothing is asked again. */
  close(): void {
    this.tail.close();
    this.calls.close();
  }

  private news(options: Following): AsyncIterable<readonly StoredEvent[]> {
    return paced(this.ask(options), { ...this.pacing, signal: options.signal });
  }

  /** Asks again and again for what comes after the last that came. A lost answer is asked for again. */
  private async *ask({
    after,
    signal,
    categories,
    looked,
  }: Following): AsyncIterable<readonly StoredEvent[]> {
    for (let at = after; !signal.aborted;) {
      const message: ReadAfterMessage = {
        after: at,
        waitMs: this.waitMs,
        ...(categories !== undefined && { categories }),
      };
      const asked = this.requests.request<ReadAfterReply>(LEDGER_SUBJECTS.readAfter, message, {
        timeoutMs: this.waitMs + ANSWER_MS,
      });
      const reply = await unlessAborted(asked, signal);
      if (reply === undefined) return;
      const events = reply.events.map(fromMessage);
      at = reply.lookedAt ?? events.at(-1)?.position ?? at;
      if (events.length > 0) yield events;
      looked?.(at);
    }
  }
}

type Following = FollowOptions & {
  readonly categories?: readonly string[];
  /** Told up to which position everything was handed out and taken in. */
  readonly looked?: ((position: number) => void) | undefined;
};

/** A page as the EventStore port promises it, of as many messages as it takes. */
class Page {
  readonly events: StoredEvent[] = [];
  /** The next event would have made it too large. */
  cut = false;
  private bytes = 0;

  constructor(private readonly limit: number) {}

  get room(): number {
    return this.limit - this.events.length;
  }

  get full(): boolean {
    return this.cut || this.room === 0;
  }

  /** @returns the last event of the page; undefined when nothing came */
  add(messages: readonly StoredEventMessage[]): StoredEvent | undefined {
    if (messages.length === 0) return undefined;
    for (const message of messages) {
      const event = fromMessage(message);
      this.bytes += event.data.byteLength;
      this.cut = this.bytes > MAX_PAGE_BYTES && this.events.length > 0;
      if (this.cut) break;
      this.events.push(event);
    }
    return this.events.at(-1);
  }
}

/** On top of what the ledger waits. */
const ANSWER_MS = 3_000;
