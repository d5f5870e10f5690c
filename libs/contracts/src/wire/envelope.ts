import type { Instant } from '@rapport/platform';
import type { JsonValue } from './canonicalJson.ts';

export const ORIGINS = ['live', 'import', 'demo'] as const;
export type Origin = (typeof ORIGINS)[number];

/** What is stored of an event besides id, revision and index: contract.md, «The event». */
export interface Envelope<Data = JsonValue> {
  readonly specversion: '1';
  /** `crm.tickets.TicketOpened` */
  readonly type: string;
  readonly version: number;
  readonly tenant: string;
  readonly stream: string;
  /** When it happened in the business. */
  readonly occurredAt: Instant;
  /** When the ledger recorded it. */
  readonly recordedAt: Instant;
  readonly origin: Origin;
  /** Opaque id of who did it. */
  readonly actor: string;
  /** The service that decided. */
  readonly via: string;
  readonly commandId: string;
  /** Keyed HMAC of the request, so that the same command id with another request is noticed. */
  readonly requestHmac: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly customerId?: string;
  /** Policies that the decision used: name → version. */
  readonly policies: Readonly<Record<string, number>>;
  readonly data: Data;
}

/** An event as read from the log: its envelope and its place. */
export interface RecordedEvent<Data = JsonValue> extends Envelope<Data> {
  readonly id: string;
  readonly position: number;
  /** null for events of uncounted categories. */
  readonly index: number | null;
  readonly revision: number;
}

declare const CURRENT: unique symbol;

/**
 * A recorded event in the version that this release reads it in: what is folded, reacted to and shown. An event as it is
 * stored is none yet, in whatever version; only `readEvent` and `currentEvent` of @rapport/privacy make one.
 */
export type CurrentEvent<Data = JsonValue> = RecordedEvent<Data> & { readonly [CURRENT]: true };

/** Why an event cannot be read. */
export const UNREADABLE = [
  /** Its bytes are no envelope of this event: the store is damaged, or somebody else wrote into it. */
  'no-envelope',
  /** A later release wrote it. */
  'unknown-type',
  'unknown-version',
  /** A step from its version to this release's failed on it: its data is not what its version says. */
  'not-upcast',
] as const;

export type Unreadable = (typeof UNREADABLE)[number];

/** An event that this release cannot read: where it stands, and why. What follows from its stream waits. */
export interface UnreadableEvent {
  readonly unreadable: Unreadable;
  readonly id: string;
  readonly position: number;
  /** null for events of uncounted categories. */
  readonly index: number | null;
  readonly stream: string;
  readonly revision: number;
  /** As the store has it beside the bytes. */
  readonly type: string;
  /** Of the envelope, where that could be read. */
  readonly version?: number;
  readonly customerId?: string;
  /** As it is stored, where it is an envelope: for guesses alone. */
  readonly asStored?: RecordedEvent;
}

/** What a reader of the log is given, event by event: whoever takes it says what becomes of one that cannot be read. */
export type ReadEvent = CurrentEvent | UnreadableEvent;

export function isUnreadable(event: ReadEvent): event is UnreadableEvent {
  return 'unreadable' in event;
}

export function isReadable(event: ReadEvent): event is CurrentEvent {
  return !isUnreadable(event);
}
