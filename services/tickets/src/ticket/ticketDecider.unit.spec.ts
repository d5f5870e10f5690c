import { describe, expect, it } from '@jest/globals';
import { derivedId, event, ticketEvents, type DomainEvent } from '@rapport/contracts';
import { specification } from '@rapport/event-sourcing';
import { ticketDecider, type TicketCommand } from './ticketDecider.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const ticketId = '0f5a7f6e-0000-5000-8000-000000000002';
const ids = { customerId, ticketId };
const { given } = specification(ticketDecider);

function opened(overrides: object = {}): DomainEvent {
  return event(ticketEvents.TicketOpened, {
    ...ids,
    kind: 'support',
    category: 'usage',
    level: 'L3',
    channel: 'phone',
    subject: '数据同步异常',
    complex: false,
    tier: { value: 'C', index: 4 },
    ...overrides,
  });
}
const resolved = event(ticketEvents.TicketResolved, { ...ids, solution: '已修复' });
const visit = { visitedAt: '2026-03-10T09:00:00+08:00', opinion: '满意', satisfaction: 5 };
const acknowledged = event(ticketEvents.TicketAcknowledged, { ...ids, level: 'L2', category: 'quality' });
const visited = event(ticketEvents.ReturnVisitRecorded, {
  ...ids,
  ...visit,
  visitedAt: '2026-03-10T01:00:00.000Z',
});
const open = { customerId, kind: 'support', channel: 'phone', subject: '数据同步异常' } as const;

describe('opening a ticket', () => {
  it('R-070 an L1 ticket is complex, and keeps the tier that ruled', () => {
    given()
      .when({
        do: 'open',
        ticketId,
        input: { ...open, category: 'usage', level: 'L1' },
        tier: { value: 'C', index: 4 },
        persons: [],
      })
      .then(opened({ level: 'L1', complex: true }));
  });

  it('R-060 the level is L3 until the acknowledgement confirms it', () => {
    given()
      .when({
        do: 'open',
        ticketId,
        input: { ...open, category: 'usage' },
        tier: { value: 'C', index: 4 },
        persons: [],
      })
      .then(opened());
  });

  it('R-070 the complaint line is for complaints only', () => {
    given()
      .when({
        do: 'open',
        ticketId,
        input: { ...open, channel: 'complaint-line' },
        tier: { value: 'C', index: 4 },
        persons: [],
      })
      .thenRefused({ kind: 'invalid-input', field: 'channel' });
  });
});

describe('handling a ticket', () => {
  it('R-060 is acknowledged by a person with category and level', () => {
    given(opened())
      .when({ do: 'acknowledge', input: { level: 'L2', category: 'quality' } })
      .then(event(ticketEvents.TicketAcknowledged, { ...ids, level: 'L2', category: 'quality' }));
  });

  it('R-060 meeting a later milestone meets the earlier: a responded ticket needs no acknowledgement', () => {
    const responded = event(ticketEvents.TicketResponded, { ...ids, responseId: ticketId, text: '您好' });
    given(opened(), responded)
      .when({ do: 'acknowledge', input: { level: 'L2', category: 'quality' } })
      .thenNothing();
  });

  it('contract: a response stands since it was recorded, also once the ticket is closed', () => {
    const commandId = '0f5a7f6e-0000-5000-8000-00000000c0de';
    const responded = event(ticketEvents.TicketResponded, {
      ...ids,
      responseId: derivedId(commandId, 'response'),
      text: '您好',
    });
    given(opened(), responded, resolved, event(ticketEvents.TicketClosed, ids))
      .when({ do: 'respond', input: { text: '您好' }, ofCompany: true }, { commandId })
      .thenStandsSince(1);
  });

  it('unknown tickets are not found', () => {
    given()
      .when({ do: 'respond', input: { text: '您好' }, ofCompany: true })
      .thenRefused({ kind: 'not-found' });
  });
});

describe('closing a ticket', () => {
  it('R-074 no complaint of any tier closes without a return visit', () => {
    given(opened({ kind: 'complaint' }), resolved)
      .when({ do: 'close' })
      .thenRefused({ rule: 'R-074' });
  });

  it("R-074 tier A's support does not close without a return visit", () => {
    given(opened({ tier: { value: 'A', index: 9 } }), resolved)
      .when({ do: 'close' })
      .thenRefused({ rule: 'R-074' });
  });

  it('R-074 a complaint closes after the return visit', () => {
    given(opened({ kind: 'complaint' }), resolved, visited)
      .when({ do: 'close' })
      .then(event(ticketEvents.TicketClosed, ids));
  });

  it('R-074 a visit before the reopening does not count for the next close', () => {
    const reopened = event(ticketEvents.TicketReopened, { ...ids, reason: '又出现' });
    given(opened({ kind: 'complaint' }), resolved, visited, reopened, resolved)
      .when({ do: 'close' })
      .thenRefused({ rule: 'R-074' });
  });

  it('R-074 support of tier C closes without a visit', () => {
    given(opened(), resolved).when({ do: 'close' }).then(event(ticketEvents.TicketClosed, ids));
  });

  it.each([
    ['was never answered', [opened()]],
    ['was not resolved', [opened({ kind: 'complaint' }), acknowledged]],
    ['was not visited', [opened({ kind: 'complaint' }), resolved]],
  ])('R-074 R-100 of a person who was erased it closes also where it %s, and says so', (_what, past) => {
    given(...past)
      .when({ do: 'close' })
      .thenRefused({ rule: 'R-074' });
    given(...past)
      .when({ do: 'close', erasureIndex: 41 })
      .then(event(ticketEvents.TicketClosed, { ...ids, erasureIndex: 41 }));
  });

  it('R-074 R-100 an erasure is not named where the ticket needs nothing more', () => {
    given(opened(), resolved)
      .when({ do: 'close', erasureIndex: 41 })
      .then(event(ticketEvents.TicketClosed, ids));
  });

  it('R-074 a closed ticket of an erased person stays closed', () => {
    given(opened(), event(ticketEvents.TicketClosed, { ...ids, erasureIndex: 41 }))
      .when({ do: 'close', erasureIndex: 41 })
      .thenRefused({ rule: 'R-074' });
  });

  it('R-074 a return visit in the future is refused', () => {
    given(opened(), resolved)
      .when({ do: 'visit', input: { ...visit, visitedAt: '2026-03-10T10:00:01+08:00' }, ofCompany: true })
      .thenRefused({ kind: 'invalid-input', field: 'visitedAt' });
  });

  it('R-074 a return visit from before the resolution is refused', () => {
    given(opened(), { ...resolved, occurredAt: '2026-03-10T09:30:00+08:00' })
      .when({ do: 'visit', input: { ...visit, visitedAt: '2026-03-10T09:29:59+08:00' }, ofCompany: true })
      .thenRefused({ kind: 'invalid-input', field: 'visitedAt' });
  });

  it('R-074 after a reopening only a visit since the latest resolution counts', () => {
    const reopened = event(ticketEvents.TicketReopened, { ...ids, reason: '又出现' });
    const again = given(opened(), { ...resolved, occurredAt: '2026-03-10T08:00:00+08:00' }, reopened, {
      ...resolved,
      occurredAt: '2026-03-10T09:30:00+08:00',
    });
    again
      .when({ do: 'visit', input: visit, ofCompany: true })
      .thenRefused({ kind: 'invalid-input', field: 'visitedAt' });
    const input = { ...visit, visitedAt: '2026-03-10T09:30:00+08:00' };
    again
      .when({ do: 'visit', input, ofCompany: true })
      .then(
        event(ticketEvents.ReturnVisitRecorded, { ...ids, ...visit, visitedAt: '2026-03-10T01:30:00.000Z' }),
      );
  });
});

describe('R-100 a ticket of persons', () => {
  const contactId = '0f5a7f6e-0000-5000-8000-000000000003';
  const unlessErased = (...persons: readonly string[]) =>
    persons.map((id) => ({ stream: `person-${id}`, expectedRevision: -1, events: [] }));
  type Past = DomainEvent & { readonly occurredAt?: string };
  const resolvedBefore = { ...resolved, occurredAt: '2026-03-10T08:00:00+08:00' };
  const saying: readonly (readonly [string, readonly Past[], (ofCompany: boolean) => TicketCommand])[] = [
    ['responded to', [], (ofCompany) => ({ do: 'respond', input: { text: '您好' }, ofCompany })],
    ['resolved', [], (ofCompany) => ({ do: 'resolve', input: { solution: '已修复' }, ofCompany })],
    ['visited', [resolvedBefore], (ofCompany) => ({ do: 'visit', input: visit, ofCompany })],
    ['reopened', [resolvedBefore], (ofCompany) => ({ do: 'reopen', input: { reason: '又出现' }, ofCompany })],
  ];

  it('R-100 is opened only while nobody whom it names is erased', () => {
    const tier = { value: 'C', index: 4 } as const;
    given()
      .when({ do: 'open', ticketId, input: { ...open, contactId }, tier, persons: [customerId, contactId] })
      .thenDecision(({ companions }) =>
        expect(companions).toMatchObject(unlessErased(customerId, contactId)),
      );
  });

  it.each(saying)('R-100 is %s only while customer and contact are not erased', (_said, past, command) => {
    given(opened({ contactId }), ...past)
      .when(command(false))
      .thenDecision(({ companions }) =>
        expect(companions).toMatchObject(unlessErased(customerId, contactId)),
      );
    given(opened({ contactId }), ...past)
      .when(command(true))
      .thenDecision(({ companions }) => expect(companions).toMatchObject(unlessErased(contactId)));
    given(opened(), ...past)
      .when(command(true))
      .thenDecision(({ companions }) => expect(companions).toBeUndefined());
  });

  it('R-100 is acknowledged and closed whoever was erased: that says nothing about them', () => {
    given(opened({ contactId }))
      .when({ do: 'acknowledge', input: { level: 'L2', category: 'quality' } })
      .thenDecision(({ companions }) => expect(companions).toBeUndefined());
    given(opened({ contactId }), resolved)
      .when({ do: 'close' })
      .thenDecision(({ companions }) => expect(companions).toBeUndefined());
  });
});
