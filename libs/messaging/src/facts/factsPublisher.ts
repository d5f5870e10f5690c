import {
  createInbox,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  type Subscription,
} from '@nats-io/nats-core';
import type { Timers } from '@rapport/platform';
import { readAcknowledgement } from './acknowledgement.ts';
import { type BatchLimits, CommitTurns, type Outgoing } from './commitTurns.ts';
import type { Fact } from './fact.ts';
import { encodeHeaders } from './factHeaders.ts';
import { type FactsStream, factsStreamName } from './factsStream.ts';
import { factSubject } from './factSubject.ts';

/** As many messages as the server takes: a commit costs a round trip, whatever is in it. */
export const FACTS_BATCH: BatchLimits = { messages: 1_000, bytes: 4 * 1024 * 1024 };

/** How long without any acknowledgement, in milliseconds, until the stream's end is read again. */
export const ACKNOWLEDGEMENT_PATIENCE = 2_000;

export interface FactsPublisherOptions {
  readonly connection: NatsConnection;
  readonly stream: FactsStream;
  /** Sequence of the stream's last message, as it was read just now; 0 in a new stream. */
  readonly end: number;
  readonly timers: Timers;
  /** Called after each acknowledgement and once when it ended; must not throw. */
  readonly onProgress: () => void;
}

/**
 * Publishes facts from the stream's end on, in order, until the first irregularity: then `ended` says why, and
 * whoever goes on reads the stream's end and begins with a new publisher.
 *
 * A fact that comes while nothing is on its way is published at once, alone; what comes meanwhile is the next batch.
 * All acknowledgements come to one inbox of its own, so that one of an earlier publisher is never taken for its own.
 */
export class FactsPublisher {
  readonly #turns: CommitTurns<Fact>;
  readonly #inbox: string;
  readonly #subscription: Subscription;
  readonly #name: string;
  /** Ids of batches are unique, for the inbox is. */
  readonly #batchPrefix: string;
  #cancel: () => void = () => {};
  #roomAwaited: (() => void) | undefined;

  constructor(private readonly options: FactsPublisherOptions) {
    const { connection, stream, end } = options;
    this.#name = factsStreamName(stream);
    this.#turns = new CommitTurns(end, FACTS_BATCH);
    // The connection's own prefix: a service may subscribe to no other inbox.
    this.#inbox = createInbox((connection as { options?: { inboxPrefix?: string } }).options?.inboxPrefix);
    this.#batchPrefix = this.#inbox.slice(this.#inbox.lastIndexOf('.') + 1);
    this.#subscription = connection.subscribe(this.#inbox, {
      callback: (error, message) => this.#acknowledged(error, message),
    });
    this.#watch();
  }

  /** Last sequence that is known to be stored. */
  get stored(): number {
    return this.#turns.stored;
  }

  get inFlight(): number {
    return this.#turns.inFlight;
  }

  get ended(): string | undefined {
    return this.#turns.ended;
  }

  /** It ended because the server refused a publish. */
  get refused(): boolean {
    return this.#turns.refused;
  }

  get hasRoom(): boolean {
    return this.#turns.hasRoom;
  }

  /** Resolves when there is room, or when it has ended. */
  async room(): Promise<void> {
    while (!this.hasRoom && this.ended === undefined) {
      await new Promise<void>((resolve) => (this.#roomAwaited = resolve));
    }
  }

  /** Only with room. Ends where the connection does not take it. */
  publish(fact: Fact): void {
    this.#send(this.#turns.add(fact, fact.data.byteLength));
  }

  /**
   * Ends it, as on a lost connection. The first reason counts, and once it has ended it tells nothing any more: a
   * look at the stream that times out when the next publisher is far ahead must not set the progress back.
   */
  end(reason: string): void {
    if (this.ended !== undefined) return;
    this.#turns.end(reason);
    this.#wake();
    this.options.onProgress();
  }

  /** Whatever comes later goes nowhere. */
  close(): void {
    this.#turns.end('closed');
    this.#cancel();
    this.#subscription.unsubscribe();
    this.#wake();
  }

  #send(messages: readonly Outgoing<Fact>[]): void {
    const { connection, stream } = this.options;
    for (const { item: fact, lastSequence, batch } of messages) {
      const block = encodeHeaders(fact, {
        streamName: this.#name,
        lastSequence,
        batch: batch && {
          id: `${this.#batchPrefix}-${batch.number}`,
          place: batch.place,
          commit: batch.commit,
        },
      });
      const answered = batch === undefined || batch.commit;
      try {
        connection.publish(factSubject(stream.tenant, fact.type, fact.partition), fact.data, {
          ...(answered && { reply: this.#inbox }),
          // The client asks its headers for nothing but their encoded form.
          headers: { encode: () => block } as unknown as MsgHdrs,
        });
      } catch (error) {
        this.end(`the connection refuses to publish: ${(error as Error).name}`);
      }
    }
  }

  /** The client stops reading for good when this throws. */
  #acknowledged(error: Error | null, message: Msg): void {
    if (this.ended !== undefined) return;
    if (error !== null) return this.end(error.name);
    const status = message.headers?.code ?? 0;
    this.#send(this.#turns.acknowledge(readAcknowledgement(status, message.data)));
    this.options.onProgress();
    if (this.hasRoom || this.ended !== undefined) this.#wake();
  }

  #wake(): void {
    const awaited = this.#roomAwaited;
    this.#roomAwaited = undefined;
    awaited?.();
  }

  /** Ends it when what is on its way is not acknowledged at all. */
  #watch(): void {
    const { stored, inFlight } = this;
    this.#cancel = this.options.timers.schedule(ACKNOWLEDGEMENT_PATIENCE, () => {
      if (inFlight > 0 && this.inFlight > 0 && this.stored === stored) {
        this.end(`no acknowledgement for ${ACKNOWLEDGEMENT_PATIENCE} ms`);
      } else if (this.ended === undefined) this.#watch();
    });
  }
}
