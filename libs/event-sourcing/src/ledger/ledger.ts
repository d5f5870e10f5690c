import type { JsonValue, Origin, RecordedEvent } from '@rapport/contracts';
import type { Instant, ProblemDetails } from '@rapport/platform';

/** What services know of the log: they propose, the ledger records. Direct in one process, remote over NATS. */
export interface Ledger {
  /** @throws Problem `unavailable` when it is unknown whether it was recorded: repeat with the same command id */
  record(request: RecordRequest): Promise<RecordResult>;

  /** Events of a stream from a revision on, oldest first: at most `limit`, by default all. */
  readStream(stream: string, fromRevision: number, limit?: number): Promise<readonly RecordedEvent[]>;

  /** The last event of a stream; undefined where there is none. */
  readLast(stream: string): Promise<RecordedEvent | undefined>;

  /**
   * All events after a position (exclusive; -1 for all), in order, first stored ones and then new ones; of streams of
   * these categories only, where some are named: others cost next to nothing then.
   */
  follow(
    after: number,
    signal: AbortSignal,
    categories?: readonly string[],
  ): AsyncIterable<readonly RecordedEvent[]>;

  head(): Promise<LogHead>;
}

export interface LogHead {
  readonly logId: string;
  /** -1 in an empty log. */
  readonly position: number;
  readonly index: number;
}

/** Who wants it recorded, for which command. */
export interface RecordRequest {
  readonly commandId: string;
  /** Keyed HMAC of the request (contract.md, «The command»). */
  readonly requestHmac: string;
  /** Short-lived, signed by the gateway; the ledger verifies it. */
  readonly actorAssertion: string;
  /** The service that decided. */
  readonly via: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly origin: Origin;
  readonly writes: readonly ProposedWrite[];
}

export interface ProposedWrite {
  readonly stream: string;
  readonly expectedRevision: number;
  /** Empty: the stream is only checked. */
  readonly events: readonly ProposedEvent[];
}

/** An event as a service proposes it: classified fields are sealed already. */
export interface ProposedEvent {
  readonly type: string;
  readonly version: number;
  readonly occurredAt?: Instant;
  readonly customerId?: string;
  readonly policies?: Readonly<Record<string, number>>;
  readonly data: JsonValue;
}

export type RecordResult =
  /** `repeated`: the command had been recorded before; these are its stored events, `requestHmac` theirs. */
  | { readonly outcome: 'recorded'; readonly repeated: boolean; readonly events: readonly RecordedEvent[] }
  | { readonly outcome: 'conflict'; readonly streams: readonly { stream: string; actualRevision: number }[] }
  | { readonly outcome: 'rejected'; readonly problem: ProblemDetails };
