import { canonicalBytes, type Envelope, eventId, type JsonValue, uuid5 } from '@rapport/contracts';
import { type EventStore, MemoryEventStore, type StreamWrite } from '@rapport/event-store';

/** The log that every written log is: an index in one is the same event in all. */
export const WRITTEN_LOG_ID = '0193b1e0-0000-7000-8000-000000000001';

const NAMESPACE = '0193b1e0-0000-7000-8000-000000000002';
const CUSTOMERS = 60;

/**
 * A log for tests that every process can write for itself and that is the same in all of them: each event is a
 * function of its number. Some events are not counted, a few belong to no customer.
 */
export class WrittenLog {
  #written = 0;
  #counted = 0;

  constructor(readonly store: EventStore = new MemoryEventStore()) {}

  /** Appends until there are this many counted events. */
  async growTo(counted: number): Promise<void> {
    while (this.#counted < counted) {
      const writes: Promise<unknown>[] = [];
      for (let n = 0; n < 500 && this.#counted < counted; n += 1) {
        const write = writeOf(this.#written);
        this.#written += 1;
        if (!write.stream.startsWith('reaction-')) this.#counted += 1;
        writes.push(this.store.append([write]));
      }
      await Promise.all(writes);
    }
  }
}

/** The n-th event of the log, from 0. */
function writeOf(n: number): StreamWrite {
  const commandId = uuid5(NAMESPACE, `command ${n}`);
  const customerId = n % 700 === 0 ? undefined : uuid5(NAMESPACE, `customer ${(n * 7919) % CUSTOMERS}`);
  const category = n % 9 === 5 ? 'reaction' : customerId === undefined ? 'policy' : 'ticket';
  const stream = `${category}-${commandId}`;
  const envelope: Envelope = {
    specversion: '1',
    type: customerId === undefined ? 'crm.ledger.PolicyChanged' : 'crm.tickets.TicketOpened',
    version: 1,
    tenant: 'main',
    stream,
    occurredAt: '2026-11-22T07:43:11.000Z',
    recordedAt: '2026-11-22T07:43:11.000Z',
    origin: 'live',
    actor: 'agent-7',
    via: 'tickets',
    commandId,
    requestHmac: 'x'.repeat(43),
    correlationId: commandId,
    causationId: commandId,
    ...(customerId === undefined ? {} : { customerId }),
    policies: {},
    data: { n, text: '工单'.repeat(n % 11) },
  };
  const data = canonicalBytes(envelope as unknown as JsonValue);
  return {
    stream,
    expectedRevision: -1,
    events: [{ id: eventId(commandId, stream, 0, data), type: envelope.type, data }],
  };
}
