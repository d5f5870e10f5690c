/** An event as an auditor reads it from the API: its envelope and place, sealed fields as stored. */
export interface StoredEvent {
  readonly index: number;
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  /** Opaque id of who did it. */
  readonly actor: string;
  readonly commandId: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly origin: string;
  readonly data: Readonly<Record<string, unknown>>;
}
