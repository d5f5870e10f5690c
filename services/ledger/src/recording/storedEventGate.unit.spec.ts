import { describe, expect, it } from '@jest/globals';
import {
  COUNTED_CATEGORIES,
  deadlineEvents,
  EVENTS,
  interactionEvents,
  ledgerEvents,
  profileEvents,
  streamName,
  ticketEvents,
  UNCOUNTED_CATEGORIES,
  type JsonValue,
} from '@rapport/contracts';
import type { ProposedEvent } from '@rapport/event-sourcing';
import { MAX_AHEAD_MS, StoredEventGate } from './storedEventGate.ts';

const gate = new StoredEventGate();
const now = Date.parse('2026-03-10T02:00:00.000Z');
const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const ticketId = '0f5a7f6e-0000-5000-8000-000000000002';
const ticket = streamName('ticket', ticketId);
const customer = streamName('customer', customerId);
const sealed = {
  v: 1,
  alg: 'A256GCM',
  kid: `main/customer/${customerId}/1`,
  nonce: 'A'.repeat(16),
  ct: 'B'.repeat(30),
};

function responded(data: object = {}, other: Partial<ProposedEvent> = {}): ProposedEvent {
  return {
    type: ticketEvents.TicketResponded.type,
    version: 1,
    data: { customerId, ticketId, responseId: ticketId, text: sealed, ...data } as JsonValue,
    ...other,
  };
}

function registered(kind: string, name: unknown): ProposedEvent {
  return {
    type: profileEvents.CustomerRegistered.type,
    version: 1,
    data: { customerId, kind, name, source: 'referral' } as JsonValue,
  };
}

function refusal(stream: string, event: ProposedEvent): { field: string; text: string } {
  try {
    gate.check(stream, event, now);
  } catch (thrown) {
    const { kind, details } = thrown as {
      kind: string;
      details: { errors: { field: string; message: string }[] };
    };
    expect(kind).toBe('invalid-input');
    return { field: details.errors[0]!.field, text: JSON.stringify(details) };
  }
  throw new Error('not refused');
}

describe('what may become history', () => {
  it('is sealed in a form that this release opens', () => {
    for (const v of [1, 2]) {
      expect(() => gate.check(ticket, responded({ text: { ...sealed, v } }), now)).not.toThrow();
    }
    expect(refusal(ticket, responded({ text: { ...sealed, v: 3 } })).field).toMatch(/^data\/text/);
  });

  it('is a known event in a stream of its category with its classified fields sealed', () => {
    expect(() => gate.check(ticket, responded(), now)).not.toThrow();
  });

  it('has a stored schema for every event of contracts', () => {
    expect(EVENTS.size).toBeGreaterThan(0);
    for (const [type, { version }] of EVENTS) {
      expect(refusal('ticket-1', { type, version: version + 1, data: {} }).field).toBe('type');
    }
  });

  it('is of any version that is known, checked as that one: the release before still records its own', () => {
    const said = {
      customerId,
      interactionId: ticketId,
      channel: 'call',
      direction: 'outbound',
      purpose: 'needs',
      startedAt: '2026-03-10T01:00:00.000Z',
      endedAt: '2026-03-10T01:30:00.000Z',
      participants: [],
      content: sealed,
      late: false,
      recordedAfterMs: 0,
    };
    const { type } = interactionEvents.InteractionRecorded;
    const recorded = (version: number, data: object): ProposedEvent => ({
      type,
      version,
      data: { ...said, ...data },
    });
    const interaction = streamName('interaction', ticketId);
    const step = { owner: 'u1', dueOn: '2026-03-12', priority: 'high' };
    const first = { nextSteps: [{ ...step, text: sealed }] };
    const second = { place: 'remote', toDos: [{ ...step, text: sealed, toDoId: ticketId }] };
    expect(() => gate.check(interaction, recorded(1, first), now)).not.toThrow();
    expect(() => gate.check(interaction, recorded(2, second), now)).not.toThrow();
    expect(refusal(interaction, recorded(1, second)).field).toMatch(/^data/);
    expect(refusal(interaction, recorded(2, first)).field).toMatch(/^data/);
    expect(refusal(interaction, recorded(1, { nextSteps: [{ ...step, text: '寄方案' }] })).field).toBe(
      'data/nextSteps/0/text',
    );
    for (const version of [0, 3]) expect(refusal(interaction, recorded(version, second)).field).toBe('type');
  });

  it('is of a type and version that this release knows', () => {
    expect(refusal(ticket, responded({}, { type: 'crm.tickets.TicketSung' })).field).toBe('type');
    expect(refusal(ticket, responded({}, { version: 2 })).field).toBe('type');
  });

  it.each([
    'customer-1',
    'ticket',
    'Ticket-1',
    'ticket-A',
    'ticket-',
    'tickets-1',
    `ticket-${'a'.repeat(81)}`,
    'ticket-1\n',
  ])('is not in the stream %j', (stream) => {
    expect(refusal(stream, responded()).field).toBe('stream');
  });

  it('never holds clear text where sealed is due, and never says what it was', () => {
    const { field, text } = refusal(ticket, responded({ text: '张三 13812345678' }));
    expect(field).toBe('data/text');
    expect(text).not.toContain('张三');
  });

  it.each([
    ['another algorithm', { ...sealed, alg: 'none' }],
    ['no nonce', { ...sealed, nonce: undefined }],
    ['a key id of another form', { ...sealed, kid: 'main/张三/1' }],
    ['clear text beside it', { ...sealed, text: '张三' }],
  ])('holds no sealed value with %s', (_what, text) => {
    expect(refusal(ticket, responded({ text: JSON.parse(JSON.stringify(text)) })).field).toMatch(
      /^data\/text/,
    );
  });

  it("seals an individual's name, and leaves a company's clear", () => {
    const person = { ...sealed, kid: `main/person/${customerId}/1` };
    expect(() => gate.check(customer, registered('company', '科技有限公司'), now)).not.toThrow();
    expect(() => gate.check(customer, registered('individual', person), now)).not.toThrow();
    expect(refusal(customer, registered('individual', '张三')).field).toMatch(/^data/);
    expect(refusal(customer, registered('company', person)).field).toMatch(/^data/);
  });

  it('has no field that its schema does not name, and lacks none', () => {
    expect(refusal(ticket, responded({ note: 'more' })).field).toMatch(/^data/);
    expect(refusal(ticket, responded({ responseId: undefined })).field).toMatch(/^data/);
  });

  it('is one of a deadline in every counted stream, and in no other', () => {
    const fired = {
      type: deadlineEvents.DeadlineFired.type,
      version: 1,
      data: { deadline: 'respond', deadlineId: ticketId, generation: 1, due: '2026-03-10T02:00:00.000Z' },
    };
    for (const category of COUNTED_CATEGORIES) {
      expect(() => gate.check(`${category}-1`, fired, now)).not.toThrow();
    }
    for (const category of UNCOUNTED_CATEGORIES) {
      expect(refusal(`${category}-1`, fired).field).toBe('stream');
    }
    expect(refusal('nothing-1', fired).field).toBe('stream');
  });

  it('happened at most 5 minutes ahead of the ledger’s clock: exactly 5 pass', () => {
    const at = (ms: number) => responded({}, { occurredAt: new Date(now + ms).toISOString() });
    expect(() => gate.check(ticket, at(MAX_AHEAD_MS), now)).not.toThrow();
    expect(() => gate.check(ticket, at(-1_000 * MAX_AHEAD_MS), now)).not.toThrow();
    expect(refusal(ticket, at(MAX_AHEAD_MS + 1)).field).toBe('occurredAt');
  });

  it.each([
    '2026-03-10T10:00:00+08:00',
    '2026-02-30T00:00:00.000Z',
    '2026-03-10',
    '2026-03-10T02:00:00Z',
    '',
  ])('did not happen at %j', (occurredAt) => {
    expect(refusal(ticket, responded({}, { occurredAt })).field).toBe('occurredAt');
  });

  it('may be uncounted machinery', () => {
    const data = { reaction: 'r', version: 1, throughPosition: -1, throughIndex: -1 };
    const event = { type: ledgerEvents.ReactionAdvanced.type, version: 1, data };
    expect(() => gate.check('reaction-r-1', event, now)).not.toThrow();
  });
});
