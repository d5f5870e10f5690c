import type { RecordedEvent } from '@rapport/contracts';
import type { LogHead, RecordRequest, StoredResult } from './ledger.ts';
import type { StoredEventMessage } from './storedEventMessage.ts';

/** What the ledger serves; permissions are given by these names. */
export const LEDGER_SUBJECTS = {
  record: 'ledger.v1.record',
  readStream: 'ledger.v1.read-stream',
  readLast: 'ledger.v1.read-last',
  readAfter: 'ledger.v1.read-after',
  readCounted: 'ledger.v1.read-counted',
  head: 'ledger.v1.head',
} as const;

/**
 * The same for who is no service: NATS makes these of what subscribers ask, so that they take none of the services'
 * places (natsPermissions.ts).
 */
export const HISTORY_SUBJECTS: Partial<Record<keyof typeof LEDGER_SUBJECTS, string>> = {
  readAfter: 'history.v1.read-after',
  readCounted: 'history.v1.read-counted',
  head: 'history.v1.head',
};

/** Longest that the ledger keeps a reader waiting for something new, in milliseconds. */
export const MAX_WAIT_MS = 20_000;

export interface RecordMessage extends RecordRequest {
  /** The log that the service knows: in another one its state may be that of events that are lost. */
  readonly logId?: string;
}

/** `places`: recorded, but more than one message carries; to be read from there. */
export type RecordReply =
  | Exclude<StoredResult, { outcome: 'recorded' }>
  | { readonly outcome: 'recorded'; readonly repeated: boolean; readonly events: readonly RecordedEvent[] }
  | { readonly outcome: 'recorded'; readonly repeated: boolean; readonly places: readonly RecordedPlaces[] };

/** Events of one stream, first and last included. */
export interface RecordedPlaces {
  readonly stream: string;
  readonly firstRevision: number;
  readonly lastRevision: number;
}

export interface ReadStreamMessage {
  readonly stream: string;
  readonly fromRevision?: number;
  readonly direction?: 'forwards' | 'backwards';
  readonly limit?: number;
}

/** A page: cut where a message ends. */
export interface ReadStreamReply {
  readonly events: readonly StoredEventMessage[];
  readonly headRevision: number;
}

export interface ReadLastMessage {
  readonly stream: string;
}

export interface ReadLastReply {
  readonly event?: StoredEventMessage;
}

export interface ReadAfterMessage {
  readonly after?: number;
  readonly direction?: 'forwards' | 'backwards';
  readonly limit?: number;
  /** Wait this long, in milliseconds, for something to come where nothing is; forwards only. */
  readonly waitMs?: number;
  /** Only events of streams of these categories; only together with `waitMs`. */
  readonly categories?: readonly string[];
}

export interface ReadAfterReply {
  readonly events: readonly StoredEventMessage[];
  /** No event followed in the direction of reading. */
  readonly end: boolean;
  /** Where categories were named: position up to which the log was looked through. Ask again from here. */
  readonly lookedAt?: number;
}

export interface ReadCountedMessage {
  readonly fromIndex: number;
  readonly limit: number;
}

export interface ReadCountedReply {
  readonly events: readonly StoredEventMessage[];
  /** Nothing follows. */
  readonly end: boolean;
}

/** What a log that was restored from a backup says beside its head: drop what came after the fork. */
export interface HeadReply extends LogHead {
  readonly formerLogId?: string;
  /** Index of the last event that both logs have. */
  readonly forkIndex?: number;
}
