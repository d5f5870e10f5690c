import type { CurrentEvent, JsonValue, Origin, ReadEvent, RecordedEvent } from '@rapport/contracts';
import type { Instant, ProblemDetails } from '@rapport/platform';

/**
 * What services know of the log: they propose, the ledger records. Direct in one process, remote over NATS. Events come
 * in the versions that this process reads, whichever release it talks to.
 */
export interface Ledger {
  /** @throws Problem `unavailable` when it is unknown whether it was recorded: repeat with the same command id */
  record(request: RecordRequest): Promise<RecordResult>;

  /**
   * Events of a stream from a revision on, oldest first: at most `limit`, by default all.
   *
   * @throws UnreadableStream where one of them cannot be read
   */
  readStream(stream: string, fromRevision: number, limit?: number): Promise<readonly CurrentEvent[]>;

  /**
   * The last event of a stream; undefined where there is none.
   *
   * @throws UnreadableStream where it cannot be read
   */
  readLast(stream: string): Promise<CurrentEvent | undefined>;

  /**
   * All events after a position (exclusive; -1 for all), in order, first stored ones and then new ones; of streams of
   * these categories only, where some are named: others cost next to nothing then.
   *
   * @param looked where categories are named: told up to which position the log was looked through, and everything
   *   wanted handed out and taken in
   */
  follow(
    after: number,
    signal: AbortSignal,
    categories?: readonly string[],
    looked?: (position: number) => void,
  ): AsyncIterable<readonly ReadEvent[]>;

  head(): Promise<LogHead>;
}

export interface LogHead {
  readonly logId: string;
  /** -1 in an empty log. */
  readonly position: number;
  readonly index: number;
}

/** A command as its events name it, and who gave it. */
export interface CommandIdentity {
  readonly commandId: string;
  /** Keyed HMAC of the request (contract.md, «The command»). */
  readonly requestHmac: string;
  /** Short-lived, signed by the gateway; the ledger verifies it. */
  readonly actorAssertion: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly origin: Origin;
}

/** Who wants it recorded, for which command. */
export interface RecordRequest extends CommandIdentity {
  /** The service that decided. */
  readonly via: string;
  readonly writes: readonly ProposedWrite[];
  /** Dues that fired before the command was decided: commands of their own, recorded in the same append. */
  readonly firings?: readonly CommandIdentity[];
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
  /** Which of the request's `firings` it is of; absent: the request's own command. */
  readonly firing?: number;
  readonly data: JsonValue;
}

export type RecordResult = RecordOutcome<CurrentEvent>;

/** The same as the ledger stored it: what goes to processes of another release. */
export type StoredResult = RecordOutcome<RecordedEvent>;

type RecordOutcome<Event> =
  /** `repeated`: the command had been recorded before; these are its stored events, `requestHmac` theirs. */
  | { readonly outcome: 'recorded'; readonly repeated: boolean; readonly events: readonly Event[] }
  | { readonly outcome: 'conflict'; readonly streams: readonly { stream: string; actualRevision: number }[] }
  | {
      readonly outcome: 'rejected';
      readonly problem: ProblemDetails;
      /** The ledger's clock, where what it refuses lies ahead of that: decided by this clock, it may not. */
      readonly clock?: Instant;
    };
