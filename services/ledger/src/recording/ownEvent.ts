import type { ProposedEvent } from '@rapport/event-sourcing';
import type { StreamWrite } from '@rapport/event-store';
import { toInstant, type EpochMillis } from '@rapport/platform';
import { encodeWrite } from './envelopes.ts';

/** An event that the ledger records by itself, without a command from outside. */
export interface OwnEvent {
  readonly tenant: string;
  readonly stream: string;
  readonly expectedRevision: number;
  /** Id of the command that it stands for. */
  readonly commandId: string;
  /** What it follows from; by default itself. */
  readonly correlationId?: string;
  readonly recordedAt: EpochMillis;
  readonly event: ProposedEvent;
}

/** Its stored bytes and id. There is no request, so its HMAC is empty. */
export function encodeOwnEvent(own: OwnEvent): StreamWrite {
  const { tenant, stream, expectedRevision, commandId, correlationId = commandId, recordedAt, event } = own;
  return encodeWrite(
    { stream, expectedRevision, events: [event] },
    {
      commandId,
      requestHmac: '',
      actorAssertion: '',
      via: 'ledger',
      correlationId,
      causationId: correlationId,
      origin: 'live',
      writes: [],
    },
    { tenant, actor: 'ledger', recordedAt: toInstant(recordedAt) },
  );
}
