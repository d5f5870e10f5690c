import { canonicalBytes, eventId, rememberDecoded, type Envelope, type JsonValue } from '@rapport/contracts';
import type { CommandIdentity, ProposedWrite } from '@rapport/event-sourcing';
import type { StreamWrite } from '@rapport/event-store';
import type { Instant } from '@rapport/platform';

/** Largest event in bytes (contract.md, «Messages»). */
export const MAX_EVENT_BYTES = 256 * 1024;

/** A command whose events are recorded, and its actor as the ledger verified it. */
export interface RecordedCommand extends Omit<CommandIdentity, 'actorAssertion'> {
  readonly actor: string;
}

/**
 * The stored bytes and ids of what is proposed. Pure: the ledger's own retries send the same bytes again.
 *
 * @param commands the request's own command, then its firings
 */
export function encodeWrite(
  write: ProposedWrite,
  commands: readonly RecordedCommand[],
  ledger: { readonly tenant: string; readonly via: string; readonly recordedAt: Instant },
): StreamWrite {
  const places = new Map<string, number>();
  return {
    stream: write.stream,
    expectedRevision: write.expectedRevision,
    events: write.events.map((proposed) => {
      const command = commands[proposed.firing === undefined ? 0 : proposed.firing + 1]!;
      const { commandId } = command;
      const n = places.get(commandId) ?? 0;
      places.set(commandId, n + 1);
      const envelope: Envelope = {
        specversion: '1',
        type: proposed.type,
        version: proposed.version,
        tenant: ledger.tenant,
        stream: write.stream,
        occurredAt: proposed.occurredAt ?? ledger.recordedAt,
        recordedAt: ledger.recordedAt,
        origin: command.origin,
        actor: command.actor,
        via: ledger.via,
        commandId,
        requestHmac: command.requestHmac,
        correlationId: command.correlationId,
        causationId: command.causationId,
        ...(proposed.customerId !== undefined && { customerId: proposed.customerId }),
        policies: proposed.policies ?? {},
        data: proposed.data,
      };
      const data = canonicalBytes(envelope as unknown as JsonValue);
      rememberDecoded(data, envelope);
      return { id: eventId(commandId, write.stream, n, data), type: proposed.type, data };
    }),
  };
}
