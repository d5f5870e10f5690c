import { writtenForm, type DataOf, type EventDefinition, type JsonValue } from '@rapport/contracts';
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

/** An event of the ledger's own, in the version that is written. None has sealed fields. */
export function ownEvent<D extends EventDefinition>(definition: D, data: DataOf<D>): ProposedEvent {
  const written = writtenForm(definition, data as JsonValue);
  const { customerId } = data as { readonly customerId?: string };
  return {
    type: written.version.type,
    version: written.version.version,
    ...(customerId !== undefined && { customerId }),
    data: written.data,
  };
}

/** Its stored bytes and id. There is no request, so its HMAC is empty. */
export function encodeOwnEvent(own: OwnEvent): StreamWrite {
  const { tenant, stream, expectedRevision, commandId, correlationId = commandId, recordedAt, event } = own;
  return encodeWrite(
    { stream, expectedRevision, events: [event] },
    [
      {
        commandId,
        requestHmac: '',
        actor: 'ledger',
        correlationId,
        causationId: correlationId,
        origin: 'live',
      },
    ],
    { tenant, via: 'ledger', recordedAt: toInstant(recordedAt) },
  );
}
