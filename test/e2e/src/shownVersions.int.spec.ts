import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  canonicalBytes,
  decodeEvent,
  eventVersion,
  interactionEvents,
  streamName,
  toDoIdOf,
  type JsonValue,
} from '@rapport/contracts';
import { LedgerModule } from '@rapport/service-ledger';
import { eventually } from '@rapport/platform/testing';
import type { EventData } from '@rapport/privacy';
import { HttpWorld } from './harness/httpWorld.ts';
import { startProjector } from './harness/projector.ts';
import { idOf } from './harness/world.ts';

const { type } = interactionEvents.InteractionRecorded;

/** Every answer here is held against its description as well (HttpWorld). */
describe('a log with events of several versions, and of some that this release cannot read', () => {
  let http: HttpWorld;
  let ticketId: string;
  const interactionId = idOf('interaction');

  beforeAll(async () => {
    http = await HttpWorld.open();
    const { world, customerId } = http;
    await startProjector(world, { alert: () => undefined });
    const { store, logId } = world;
    await world.start({ with: ({ alert }) => LedgerModule.with({ store, logId, alert }) });
    const { body } = await http.send('POST', '/api/tickets', {
      customerId,
      kind: 'inquiry',
      channel: 'phone',
      subject: '咨询',
    });
    ticketId = body['id'] as string;
    await recordFormer(customerId);
    await later();
    const head = await store.head();
    await eventually(async () => {
      const { body: shown } = await http.send('GET', `/api/customers/${customerId}/timeline`);
      expect(JSON.stringify(shown)).toContain(type);
    });
    expect(head.index).toBeGreaterThan(3);
  });

  afterAll(async () => {
    await http.close();
  });

  /** As the release before recorded it. */
  async function recordFormer(customerId: string): Promise<void> {
    const { world } = http;
    const version = eventVersion(type, 1);
    const stream = streamName('interaction', interactionId);
    const { commandId, actorAssertion } = await world.meta();
    const data = {
      customerId,
      interactionId,
      channel: 'visit',
      direction: 'outbound',
      purpose: 'needs',
      startedAt: '2026-03-10T01:00:00.000Z',
      endedAt: '2026-03-10T01:30:00.000Z',
      participants: [],
      content: '讨论续约',
      nextSteps: [{ text: '寄方案', owner: 'actor-2', dueOn: '2026-03-12', priority: 'high' }],
      late: false,
      recordedAfterMs: 0,
    };
    const place = { tenant: world.tenant, stream, commandId, revision: 0 };
    const sealed = (await world.sealer.seal(version, data as EventData, place)) as JsonValue;
    const result = await world.ledger().record({
      commandId,
      requestHmac: 'hmac',
      via: 'interactions',
      actorAssertion,
      correlationId: commandId,
      causationId: commandId,
      origin: 'live',
      writes: [{ stream, expectedRevision: -1, events: [{ type, version: 1, customerId, data: sealed }] }],
    });
    expect(result).toMatchObject({ outcome: 'recorded', events: [{ version: 2 }] });
  }

  /** A response of a later release, and bytes that are no event, in the ticket's stream. */
  async function later(): Promise<void> {
    const { store } = http.world;
    const stream = streamName('ticket', ticketId);
    const {
      id: _id,
      position: _position,
      index: _index,
      revision,
      ...opened
    } = decodeEvent((await store.readStream(stream)).events[0]!);
    const data = canonicalBytes({ ...opened, type: 'crm.tickets.TicketResponded', version: 99 } as never);
    const append = (name: string, expectedRevision: number, eventType: string, bytes: Uint8Array) =>
      store.append([
        { stream, expectedRevision, events: [{ id: idOf(name), type: eventType, data: bytes }] },
      ]);
    await append('later', revision, 'crm.tickets.TicketResponded', data);
    await append('broken', revision + 1, 'crm.tickets.TicketClosed', Buffer.from('王小明 {'));
  }

  it('shows a customer one timeline, all in the newest version', async () => {
    const { body, status } = await http.send('GET', `/api/customers/${http.customerId}/timeline`);
    expect(status).toBe(200);
    const { items } = body as unknown as { items: Record<string, unknown>[] };
    expect(items.find((item) => item['type'] === type)).toMatchObject({
      data: { place: 'customer', toDos: [{ toDoId: toDoIdOf(interactionId, 0), text: '寄方案' }] },
    });
  });

  it('shows an auditor the log as it is stored, each event in its version', async () => {
    const { body, status } = await http.raw('GET', '/api/events', {
      headers: { authorization: `Bearer ${await http.token('auditor')}` },
    });
    expect(status).toBe(200);
    const { events } = body as unknown as { events: Record<string, unknown>[] };
    expect(events.find((event) => event['type'] === type)).toMatchObject({
      version: 1,
      data: { nextSteps: [{ text: { alg: 'A256GCM' } }] },
    });
    const [later, broken] = events.slice(-2);
    expect(later).toMatchObject({ type: 'unreadable', reason: 'unknown-version', asStored: { version: 99 } });
    expect(broken).toMatchObject({ reason: 'no-envelope', eventType: 'crm.tickets.TicketClosed' });
    expect(broken).not.toHaveProperty('asStored');
    expect(JSON.stringify(body)).not.toContain('王小明');
  });

  it('keeps the ticket for a release that reads it, and says at which event it waits', async () => {
    await eventually(async () => {
      const { status } = await http.send('GET', `/api/tickets/${ticketId}`);
      expect(status).toBe(409);
    });
    const answer = await http.send('POST', `/api/tickets/${ticketId}/responses`, { text: '您好' });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      detail: expect.stringContaining(
        `ticket-${ticketId} waits at revision 1 (crm.tickets.TicketResponded version 99)`,
      ),
    });
  });
});
