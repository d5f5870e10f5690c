import {
  createInbox,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  type Subscription,
} from '@nats-io/nats-core';
import type { Timers } from '@rapport/platform';
import { readAcknowledgement } from './acknowledgement.ts';
import type { Fact } from './fact.ts';
import { encodeHeaders } from './factHeaders.ts';
import { type FactsStream, factsStreamName } from './factsStream.ts';
import { factSubject } from './factSubject.ts';
import { PublishWindow, type StreamEnd, type WindowLimits } from './publishWindow.ts';

/** Enough on its way to hide the round trip; more only lengthens what is refused at once when something is wrong. */
export const PUBLISH_WINDOW: WindowLimits = { messages: 256, bytes: 4 * 1024 * 1024 };

/** How long without any acknowledgement, in milliseconds, until the stream's end is read again. */
export const ACKNOWLEDGEMENT_PATIENCE = 2_000;

export interface FactsPublisherOptions {
  readonly connection: NatsConnection;
  readonly stream: FactsStream;
  /** As it was read just now. */
  readonly end: StreamEnd;
  readonly timers: Timers;
  /** Called after each acknowledgement and once when it ended; must not throw. */
  readonly onProgress: () => void;
  readonly limits?: WindowLimits;
  readonly patience?: number;
}

/**
 * Publishes facts from the stream's end on, in order, until the first irregularity: then `ended` says why, and
 * whoever goes on reads the stream's end and begins with a new publisher.
 *
 * All acknowledgements come to one inbox of its own, so that one of an earlier publisher is never taken for its own.
 * A promise per publish (`js.publish`) costs more than everything else together.
 */
export class FactsPublisher {
  readonly #window: PublishWindow;
  readonly #inbox: string;
  readonly #subscription: Subscription;
  readonly #name: string;
  #cancel: () => void = () => {};
  #roomAwaited: (() => void) | undefined;
  #seen: number;

  constructor(private readonly options: FactsPublisherOptions) {
    const { connection, stream, end, limits = PUBLISH_WINDOW } = options;
    this.#name = factsStreamName(stream);
    this.#window = new PublishWindow(end, limits);
    this.#seen = end.sequence;
    // The connection's own prefix: a service may subscribe to no other inbox.
    this.#inbox = createInbox((connection as { options?: { inboxPrefix?: string } }).options?.inboxPrefix);
    this.#subscription = connection.subscribe(this.#inbox, {
      callback: (error, message) => this.#acknowledged(error, message),
    });
    this.#watch();
  }

  /** Last sequence that is known to be stored. */
  get stored(): number {
    return this.#window.stored;
  }

  get inFlight(): number {
    return this.#window.inFlight;
  }

  get ended(): string | undefined {
    return this.#window.ended;
  }

  /** It ended because the server refused a publish. */
  get refused(): boolean {
    return this.#window.refused;
  }

  get hasRoom(): boolean {
    return this.#window.hasRoom;
  }

  /** Resolves when there is room, or when it has ended. */
  async room(): Promise<void> {
    while (!this.#window.hasRoom && this.ended === undefined) {
      await new Promise<void>((resolve) => (this.#roomAwaited = resolve));
    }
  }

  /** Only with room. Ends where the connection does not take it. */
  publish(fact: Fact): void {
    const { tenant } = this.options.stream;
    const next = this.#window.publish(fact.id, fact.data.byteLength);
    const block = encodeHeaders(fact, { streamName: this.#name, ...next });
    try {
      this.options.connection.publish(factSubject(tenant, fact.type, fact.partition), fact.data, {
        reply: this.#inbox,
        // The client asks its headers for nothing but their encoded form.
        headers: { encode: () => block } as unknown as MsgHdrs,
      });
    } catch (error) {
      this.end(`the connection refuses to publish: ${(error as Error).name}`);
    }
  }

  /** Ends it, as on a lost connection. The first reason counts. */
  end(reason: string): void {
    this.#window.end(reason);
    this.#ended();
  }

  /** Whatever comes later goes nowhere. */
  close(): void {
    this.#window.end('closed');
    this.#cancel();
    this.#subscription.unsubscribe();
    this.#roomAwaited?.();
  }

  /** The client stops reading for good when this throws. */
  #acknowledged(error: Error | null, message: Msg): void {
    if (error !== null) return this.end(error.name);
    const status = message.headers?.code ?? 0;
    this.#window.acknowledge(readAcknowledgement(status, message.data));
    if (this.ended !== undefined) return this.#ended();
    this.options.onProgress();
    // Woken at half a window, not at each acknowledgement: publishes then share packets.
    const { messages } = this.options.limits ?? PUBLISH_WINDOW;
    if (this.#roomAwaited !== undefined && this.hasRoom && this.inFlight <= messages / 2) this.#wake();
  }

  #ended(): void {
    this.#wake();
    this.options.onProgress();
  }

  #wake(): void {
    const awaited = this.#roomAwaited;
    this.#roomAwaited = undefined;
    awaited?.();
  }

  /** Ends it when what is on its way is not acknowledged at all. */
  #watch(): void {
    const { timers, patience = ACKNOWLEDGEMENT_PATIENCE } = this.options;
    const waiting = this.inFlight > 0;
    this.#seen = this.stored;
    this.#cancel = timers.schedule(patience, () => {
      if (waiting && this.inFlight > 0 && this.stored === this.#seen) {
        this.end(`no acknowledgement for ${patience} ms`);
      } else if (this.ended === undefined) this.#watch();
    });
  }
}
