import { Controller, Inject, type OnModuleDestroy } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import {
  MAX_WAIT_MS,
  toMessage,
  toPage,
  type HeadReply,
  type ReadAfterMessage,
  type ReadAfterReply,
  type ReadCountedMessage,
  type ReadCountedReply,
  type ReadLastMessage,
  type ReadLastReply,
  type ReadStreamMessage,
  type ReadStreamReply,
} from '@rapport/event-sourcing';
import { SharedTail, StoreError, type StoredEvent } from '@rapport/event-store';
import { RequestContext } from '@rapport/messaging';
import { Problem } from '@rapport/platform';
import { ofCategories } from '../recording/ofCategories.ts';
import { fromStore } from '../storeFailure/storeProblem.ts';
import { LEDGER_REQUESTS, type LedgerRequestsRuntime } from './ledgerRequestsRuntime.ts';
import { ServesLedger } from './servesLedger.ts';

/** About what a message carries: what is read beyond is read again. */
const PAGE = 500;

const atMost = (limit = PAGE): number => Math.min(limit, PAGE);

/** Reading the log on behalf of other processes, in pages that fit into a message. Sealed fields stay sealed. */
@Controller()
export class ReadRequests implements OnModuleDestroy {
  /** However many wait for something new, the store is followed once. */
  private readonly tail: SharedTail;

  constructor(@Inject(LEDGER_REQUESTS) private readonly runtime: LedgerRequestsRuntime) {
    const { store, caches } = runtime;
    this.tail = new SharedTail(
      store,
      async (after, limit) => (await store.readAll({ after, limit: atMost(limit) })).events,
      caches.part('recentEvents'),
    );
  }

  onModuleDestroy(): void {
    this.tail.close();
  }

  @ServesLedger('readStream')
  async readStream({ stream, ...options }: ReadStreamMessage): Promise<ReadStreamReply> {
    const { events, headRevision } = await this.stored((store) =>
      store.readStream(stream, { ...options, limit: atMost(options.limit) }),
    );
    return { events: toPage(events), headRevision };
  }

  @ServesLedger('readLast')
  async readLast({ stream }: ReadLastMessage): Promise<ReadLastReply> {
    const { events } = await this.stored((store) =>
      store.readStream(stream, { direction: 'backwards', limit: 1 }),
    );
    return events[0] === undefined ? {} : { event: toMessage(events[0]) };
  }

  @ServesLedger('readAfter', { waits: true })
  async readAfter(
    @Payload() { waitMs = 0, ...options }: ReadAfterMessage,
    @Ctx() { closing }: RequestContext,
  ): Promise<ReadAfterReply> {
    if (waitMs > 0) {
      const { events: news, lookedAt } = await this.stored(() => this.await(options, waitMs, closing));
      const page = toPage(news);
      const whole = page.length === news.length;
      return {
        events: page,
        end: false,
        ...(options.categories !== undefined && {
          lookedAt: whole ? lookedAt : page.at(-1)!.position,
        }),
      };
    }
    const { after, direction, limit } = options;
    const { events, end } = await this.stored((store) =>
      store.readAll({ after, direction, limit: atMost(limit) }),
    );
    const page = toPage(events);
    return { events: page, end: end && page.length === events.length };
  }

  @ServesLedger('readCounted')
  async readCounted({ fromIndex, limit }: ReadCountedMessage): Promise<ReadCountedReply> {
    const count = atMost(limit);
    const events = await this.stored((store) => store.readCounted(fromIndex, count));
    const page = toPage(events);
    // The store cuts its pages at more than a message carries: a page of fewer that fits is the last.
    return { events: page, end: events.length < count && page.length === events.length };
  }

  @ServesLedger('head')
  async head(): Promise<HeadReply> {
    const { logId, fork } = this.runtime;
    return { logId, ...fork, ...(await this.stored((store) => store.head())) };
  }

  /** What comes after a position; empty when nothing came in time, or when the ledger closes. */
  private async await(
    { after = -1, limit, categories }: ReadAfterMessage,
    waitMs: number,
    closing: AbortSignal,
  ): Promise<{ readonly events: readonly StoredEvent[]; readonly lookedAt: number }> {
    const over = new AbortController();
    const end = (): void => over.abort();
    const cancel = this.runtime.timers.schedule(Math.min(waitMs, MAX_WAIT_MS), end);
    closing.addEventListener('abort', end, { once: true });
    if (closing.aborted) end();
    try {
      let lookedAt = after;
      for await (const batch of this.tail.follow({ after, signal: over.signal, batchSize: atMost(limit) })) {
        lookedAt = batch.at(-1)!.position;
        const events = ofCategories(batch, categories);
        if (events.length > 0) return { events, lookedAt };
      }
      return { events: [], lookedAt };
    } finally {
      cancel();
      closing.removeEventListener('abort', end);
    }
  }

  private async stored<T>(work: (store: LedgerRequestsRuntime['store']) => Promise<T>): Promise<T> {
    try {
      return await fromStore(this.runtime.alert, () => work(this.runtime.store));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      throw new Problem({ kind: 'invalid-input', detail: error.message }, { cause: error });
    }
  }
}
