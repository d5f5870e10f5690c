import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { type EventStore, StoreError } from '@rapport/event-store';
import {
  DEFAULT_FACTS_SETTINGS,
  type FactsLog,
  type FactsStream,
  factsStreamName,
  FactsStreamRefused,
  type FactsStreamSettings,
  indexOf,
  type FactsStreamLook,
  inspectFactsStream,
  keepFactsStream,
  openFactsStream,
} from '@rapport/messaging';
import type { Timers } from '@rapport/platform';
import { ConnectionWatch } from './connectionWatch.ts';
import { Pause } from './pause.ts';
import { RelaySession } from './relaySession.ts';
import { type RelayAlert, type RelayState, type RelayStatus, RelayStopped } from './relayStatus.ts';
import { standBy } from './standBy.ts';
import { startingPoint } from './startingPoint.ts';
import { StreamLooks } from './streamLooks.ts';

export interface FactsRelayOptions {
  /** Opened by the host: reconnecting for ever, with `noAsyncTraces` (twice as fast). The relay never closes it. */
  readonly connection: NatsConnection;
  readonly store: EventStore;
  readonly logId: string;
  readonly tenant: string;
  /** What the log was before it was restored: its facts go on where it forked. */
  readonly restored?: FactsLog['restored'];
  readonly settings?: Partial<FactsStreamSettings>;
  readonly timers: Timers;
  /** Called once for each reason for which people must repair or know something. */
  readonly alert: (alert: RelayAlert) => void;
}

/** Between two attempts that achieve nothing, in milliseconds: from, doubled up to. */
const BACKOFF = { least: 50, most: 5_000 };

/** How often the stream and its settings are looked at, also when stopped; and the log's head. Milliseconds. */
const RECHECK = 2_000;
const HEAD_INTERVAL = 1_000;

/** Time for a request to JetStream, in milliseconds. */
const REQUEST_TIMEOUT = 3_000;

/**
 * Publishes the log's counted events as facts: each once, in order, whatever is killed, frozen, lost or doubled.
 *
 * It keeps no checkpoint. The stream's own end says where to go on, checked against the log; every publish says
 * what must stand before it (CommitTurns). Any irregularity ends the session, and the end is read again. Any
 * number of relays may run: one publishes, the others stand by.
 */
export class FactsRelay {
  readonly #watch: ConnectionWatch;
  readonly #pause: Pause;
  readonly #settings: FactsStreamSettings;
  readonly #looks: StreamLooks;
  #state: RelayState = 'healing';
  #reason = 'not started';
  #stream: FactsStream | undefined;
  #published = -1;
  #head = -1;
  #heals = 0;
  #alerted = '';

  constructor(private readonly options: FactsRelayOptions) {
    this.#watch = new ConnectionWatch(options.connection);
    this.#pause = new Pause(options.timers, this.#watch);
    this.#settings = { ...DEFAULT_FACTS_SETTINGS, ...options.settings };
    this.#looks = new StreamLooks(this.#settings.maxBytes);
  }

  status(): RelayStatus {
    return {
      state: this.#state,
      reason: this.#reason,
      stream: this.#stream === undefined ? '' : factsStreamName(this.#stream),
      publishedIndex: this.#published,
      headIndex: this.#head,
      lag: Math.max(0, this.#head - this.#published),
      heals: this.#heals,
    };
  }

  /** Runs until `signal` aborts, or connection or store are closed for good. Failures are its own business: never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const headWatch = this.#watchHead(signal);
    let delay = 0;
    while (!signal.aborted && !this.#watch.closed) {
      if (delay > 0) await this.#pause.for(delay, signal);
      if (!(await this.#pause.untilConnected(signal))) break;
      const before = this.#published;
      try {
        const ended = await this.#session(signal);
        this.#heal(ended);
        delay = this.#published > before ? 0 : nextDelay(delay);
      } catch (error) {
        if (error instanceof StoreError && error.failure === 'closed') break;
        delay = this.#failed(error, delay);
      }
    }
    await headWatch;
  }

  /** One reading of the stream's end, and what follows. @returns why it ended */
  async #session(signal: AbortSignal): Promise<string> {
    const { connection, store, tenant, logId, restored, timers } = this.options;
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: REQUEST_TIMEOUT });
    const log = { tenant, logId, ...(restored !== undefined && { restored }) };
    const stream = (this.#stream = await openFactsStream(manager, log, this.#settings, (...seen) =>
      this.#seen(...seen),
    ));
    const start = await startingPoint(manager, store, stream);
    this.#published = start.after.index;
    const session = new RelaySession({
      connection,
      store,
      timers,
      stream,
      ...start,
      onPublished: (index) => (this.#published = index),
      onRead: (index) => (this.#head = Math.max(this.#head, index)),
    });
    const stop = () => session.end('the relay was told to stop');
    const forget = this.#watch.onChange(() => session.end('the connection was lost'));
    signal.addEventListener('abort', stop);
    if (signal.aborted || !this.#watch.connected) stop();
    this.#enter('following', '');
    const over = new AbortController();
    // Not awaited: a look that waits for a dead server must not keep the next session waiting.
    const look = async () => this.#seen(stream, await keepFactsStream(manager, stream, this.#settings));
    void this.#inspect(session, look, over.signal);
    try {
      const ended = await session.run();
      // Not before: a session that begins well may stop at the same place as the one before it.
      this.#alerted = '';
      if (session.refused && !signal.aborted) await this.#lookOn(manager, stream, signal);
      return ended;
    } finally {
      over.abort();
      forget();
      signal.removeEventListener('abort', stop);
    }
  }

  #seen(stream: FactsStream, look: FactsStreamLook): FactsStreamLook {
    for (const alert of this.#looks.take(stream, look)) this.options.alert(alert);
    return look;
  }

  /** After a refusal: where another relay has published, it may go on. */
  async #lookOn(manager: JetStreamManager, stream: FactsStream, signal: AbortSignal): Promise<void> {
    const { sequence, current } = await inspectFactsStream(manager, stream);
    if (!current || indexOf(stream, sequence) <= this.#published) return;
    this.#enter('standby', 'another relay publishes');
    await standBy({
      manager,
      stream,
      store: this.options.store,
      pause: this.#pause,
      signal,
      onLook: (published, head) => {
        this.#published = published;
        this.#head = Math.max(this.#head, head);
      },
    });
  }

  async #inspect(
    session: RelaySession,
    look: Parameters<RelaySession['inspect']>[0],
    signal: AbortSignal,
  ): Promise<void> {
    for (;;) {
      await this.#pause.for(RECHECK, signal);
      if (signal.aborted) return;
      try {
        await session.inspect(look);
      } catch (error) {
        // Whatever keeps the stream from being looked at: the next session finds out.
        session.end(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
      }
    }
  }

  #failed(error: unknown, delay: number): number {
    const alert = alertOf(error);
    if (alert === undefined) {
      this.#heal(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
      return nextDelay(delay);
    }
    this.#enter('stopped', alert.reason);
    if (this.#alerted !== alert.reason) this.options.alert(alert);
    this.#alerted = alert.reason;
    // It is looked at again: with a new generation it goes on by itself.
    return RECHECK;
  }

  #heal(reason: string): void {
    this.#heals += 1;
    this.#enter('healing', reason);
  }

  #enter(state: RelayState, reason: string): void {
    this.#state = state;
    this.#reason = reason;
  }

  /** Lag must grow also while nothing is read, as when NATS is away. */
  async #watchHead(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#watch.closed) {
      try {
        this.#head = Math.max(this.#head, (await this.options.store.head()).index);
      } catch (error) {
        // The session meets the same failure and tells it; this is only the figure.
        if (error instanceof StoreError && error.failure === 'closed') return;
      }
      await this.#pause.for(HEAD_INTERVAL, signal);
    }
  }
}

const nextDelay = (delay: number) => Math.min(BACKOFF.most, Math.max(BACKOFF.least, delay * 2));

function alertOf(error: unknown): RelayAlert | undefined {
  if (error instanceof RelayStopped) return error.alert;
  if (!(error instanceof FactsStreamRefused)) return undefined;
  return { kind: 'refused', reason: error.message, remedy: 'docs/operations.md, "The facts stream"' };
}
