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
