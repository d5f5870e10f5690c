import { canonicalBytes, eventId, rememberDecoded, type Envelope, type JsonValue } from '@rapport/contracts';
import type { ProposedWrite, RecordRequest } from '@rapport/event-sourcing';
import type { StreamWrite } from '@rapport/event-store';
import type { Instant } from '@rapport/platform';

/** Largest event in bytes (contract.md, «Messages»). */
export const MAX_EVENT_BYTES = 256 * 1024;

/** The stored bytes and ids of what is proposed. Pure: the ledger's own retries send the same bytes again. */
export function encodeWrite(
  write: ProposedWrite,
  request: RecordRequest,
  ledger: { readonly tenant: string; readonly actor: string; readonly recordedAt: Instant },
): StreamWrite {
  return {
    stream: write.stream,
    expectedRevision: write.expectedRevision,
    events: write.events.map((proposed, n) => {
      const envelope: Envelope = {
        specversion: '1',
        type: proposed.type,
        version: proposed.version,
        tenant: ledger.tenant,
        stream: write.stream,
        occurredAt: proposed.occurredAt ?? ledger.recordedAt,
        recordedAt: ledger.recordedAt,
        origin: request.origin,
        actor: ledger.actor,
        via: request.via,
        commandId: request.commandId,
        requestHmac: request.requestHmac,
        correlationId: request.correlationId,
        causationId: request.causationId,
        ...(proposed.customerId !== undefined && { customerId: proposed.customerId }),
        policies: proposed.policies ?? {},
        data: proposed.data,
      };
      const data = canonicalBytes(envelope as unknown as JsonValue);
      rememberDecoded(data, envelope);
      return { id: eventId(request.commandId, write.stream, n, data), type: proposed.type, data };
    }),
  };
}
