import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  event,
  interactionEvents,
  profileEvents,
  riskEvents,
  satisfactionEvents,
  streamName,
  type DomainEvent,
} from '@rapport/contracts';
import { MAX_MESSAGE_BYTES } from '@rapport/messaging';
import { eventually } from '@rapport/platform/testing';
import { HttpWorld } from './harness/httpWorld.ts';
import { startProjector } from './harness/projector.ts';
import { idOf } from './harness/world.ts';

const LONG = '长'.repeat(10_000);
const CUSTOMERS = 30;
const CONTACTS = 100;
const MORE_CONTACTS = 250;
const RESPONSES = 60;
const OF_EACH = 25;

type Item = Readonly<Record<string, unknown>>;
type Body = Item & { readonly more?: Readonly<Record<string, string | null>> };

/** A contact of which every field is as long as it may be. */
function largestContact(customerId: string, n: number) {
  return event(profileEvents.ContactAdded, {
    customerId,
    contactId: idOf(`${customerId} contact ${n}`),
    fullName: '名'.repeat(100),
    salutation: '先生',
    position: '职'.repeat(100),
    phone: '+861380013800123;ext=1234567',
    email: `${'邮'.repeat(21)}@${`${'a'.repeat(60)}.`.repeat(3)}example.com`,
    wechat: '微'.repeat(64),
    birthday: '1980-01-01',
    isDecisionMaker: false,
  });
}

function largestCustomer(customerId: string, contacts: number): readonly DomainEvent[] {
  return [
    event(profileEvents.CustomerRegistered, {
      customerId,
      kind: 'company',
      name: '客'.repeat(200),
      region: '区'.repeat(80),
      source: 'referral',
      externalId: '号'.repeat(120),
    }),
    ...Array.from({ length: contacts }, (_, n) => largestContact(customerId, n)),
  ];
}

const spoken = (customerId: string, n: number) =>
  event(interactionEvents.InteractionRecorded, {
    customerId,
    interactionId: idOf(`interaction ${n}`),
    channel: 'call',
    direction: 'outbound',
    purpose: 'other',
    startedAt: '2026-03-09T01:00:00.000Z',
    endedAt: '2026-03-09T02:00:00.000Z',
    participants: [],
    content: LONG,
    feedback: LONG,
    place: 'remote',
    toDos: [],
    late: false,
    recordedAfterMs: 0,
  });

const answered = (customerId: string, n: number) =>
  event(satisfactionEvents.SurveyAnswered, {
    customerId,
    answerId: idOf(`answer ${n}`),
    kind: 'relationship',
    answeredOn: '2026-03-09',
    period: '2026-Q1',
    scores: { productQuality: 5 },
    comment: LONG,
    tier: { value: 'prospect', index: -1 },
  });

const risky = (customerId: string, n: number) =>
  event(riskEvents.RiskIdentified, {
    customerId,
    riskId: idOf(`risk ${n}`),
    kind: 'credit',
    source: '源'.repeat(200),
    evidence: LONG,
    identifiedAt: '2026-03-09T01:00:00.000Z',
  });

// The world's transport refuses what NATS would: a message over MAX_MESSAGE_BYTES.
describe('answers that are larger than a message', () => {
  let http: HttpWorld;
  let customerId: string;
  let ticketId: string;
  const customers = Array.from({ length: CUSTOMERS }, (_, n) => idOf(`large ${n}`));

  beforeAll(async () => {
    http = await HttpWorld.open({ rateLimit: false });
    const { world } = http;
    for (const [n, id] of customers.entries()) {
      await world.given(
        streamName('customer', id),
        ...largestCustomer(id, n === 0 ? MORE_CONTACTS : CONTACTS),
      );
    }
    customerId = customers[0]!;
    for (let n = 0; n < OF_EACH; n += 1) {
      await world.given(streamName('interaction', idOf(`interaction ${n}`)), spoken(customerId, n));
      await world.given(streamName('survey', idOf(`answer ${n}`)), answered(customerId, n));
      await world.given(streamName('risk', idOf(`risk ${n}`)), risky(customerId, n));
    }
    const ticket = {
      customerId,
      kind: 'support',
      channel: 'phone',
      subject: '题'.repeat(200),
      message: LONG,
    };
    for (let n = 0; n < OF_EACH; n += 1) {
      const opened = await http.send('POST', '/api/tickets', ticket);
      expect(opened.status).toBe(201);
      ticketId = opened.body['id'] as string;
    }
    for (let n = 0; n < RESPONSES; n += 1) {
      const text = `${String(n).padStart(2, '0')}${LONG.slice(2)}`;
      const responded = await http.send('POST', `/api/tickets/${ticketId}/responses`, { text });
      expect(responded.status).toBe(201);
    }
    await startProjector(world);
    const headers = { authorization: `Bearer ${await http.token('administrator')}` };
    await eventually(async () => {
      const { projections } = (await http.raw('GET', '/api/projections', { headers })).body;
      expect(projections).not.toEqual([]);
      expect((projections as { lag: number }[]).filter(({ lag }) => lag > 0)).toEqual([]);
    });
  });

  afterAll(() => http.close());

  async function get(path: string): Promise<Body> {
    const answer = await http.send('GET', path);
    expect([path, answer.status]).toEqual([path, 200]);
    expect(Buffer.byteLength(JSON.stringify(answer.body))).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    return answer.body;
  }

  /** Everything of a list, page by page. */
  async function all(
    path: string,
    options: { items?: string; cursor?: string | null } = {},
  ): Promise<Item[]> {
    const { items = 'items' } = options;
    const read: Item[] = [];
    let next = options.cursor ?? undefined;
    do {
      const mark = path.includes('?') ? '&' : '?';
      const body = await get(next === undefined ? path : `${path}${mark}cursor=${next}`);
      const page = body[items] as Item[];
      expect(page.length).toBeGreaterThan(0);
      read.push(...page);
      next = body['next'] as string | undefined;
    } while (next !== undefined);
    return read;
  }

  const distinct = (items: readonly Item[], field: string): number =>
    new Set(items.map((item) => item[field])).size;

  it.each(['', '?limit=7', '?limit=200'])(
    'R-063 a ticket%s shows all of its history, in order, however long its responses are',
    async (query) => {
      const history = await all(`/api/tickets/${ticketId}${query}`, { items: 'history' });
      expect(history).toHaveLength(1 + RESPONSES);
      const texts = history.slice(1).map(({ data }) => (data as { text: string }).text);
      expect(texts.map((text) => Number(text.slice(0, 2)))).toEqual([...texts.keys()]);
      expect(texts.every((text) => text.length === LONG.length)).toBe(true);
    },
  );

  it.each(['', '?limit=20', '?limit=50'])('the list of customers%s comes to its end', async (query) => {
    const read = await all(`/api/customers${query}`);
    // And the world's own one.
    expect([read.length, distinct(read, 'id')]).toEqual([CUSTOMERS + 1, CUSTOMERS + 1]);
  });

  it('a customer in a list shows its first contacts, and where there are more', async () => {
    const listed = (await all('/api/customers')).find(({ id }) => id === customers[1]) as Body;
    expect(listed['contacts']).toHaveLength(20);
    const rest = await all(`/api/customers/${customers[1]}/contacts`, { cursor: listed.more!['contacts']! });
    const read = [...(listed['contacts'] as Item[]), ...rest];
    expect([read.length, distinct(read, 'contactId')]).toEqual([CONTACTS, CONTACTS]);
  });

  it('a customer shows every contact that it was registered with, and where there are more', async () => {
    const usual = await get(`/api/customers/${customers[1]}`);
    expect(usual['contacts']).toHaveLength(CONTACTS);
    expect(usual).not.toHaveProperty('more');
    const { contacts, more } = await get(`/api/customers/${customerId}`);
    const path = `/api/customers/${customerId}/contacts`;
    const rest = await all(path, { cursor: more!['contacts']! });
    const read = [...(contacts as Item[]), ...rest];
    expect([read.length, distinct(read, 'contactId')]).toEqual([MORE_CONTACTS, MORE_CONTACTS]);
    expect(await all(`${path}?limit=200`)).toEqual(read);
  });

  it.each(['', '?limit=200'])('the timeline%s comes to its end', async (query) => {
    const read = await all(`/api/customers/${customerId}/timeline${query}`);
    const events = 1 + MORE_CONTACTS + 3 * OF_EACH + OF_EACH + RESPONSES;
    expect([read.length, distinct(read, 'index')]).toEqual([events, events]);
  });

  it('the overview shows something of everything, and with its cursors each list comes to its end', async () => {
    const view = await get(`/api/customers/${customerId}/view`);
    const lists = [
      ['openTickets', `/api/tickets?customerId=${customerId}`, 'id', OF_EACH],
      ['risks', `/api/risks?customerId=${customerId}`, 'id', OF_EACH],
      ['surveys', `/api/customers/${customerId}/surveys`, 'answerId', OF_EACH],
      [
        'timeline',
        `/api/customers/${customerId}/timeline`,
        'index',
        1 + MORE_CONTACTS + 4 * OF_EACH + RESPONSES,
      ],
    ] as const;
    for (const [name, path, id, count] of lists) {
      const shown = view[name] as Item[];
      expect(shown.length).toBeGreaterThan(0);
      const read = [...shown, ...(await all(path, { cursor: view.more![name]! }))];
      expect([name, read.length, distinct(read, id)]).toEqual([name, count, count]);
    }
  });

  it('the registers come to their end, and a page is as full as fits', async () => {
    expect(await all('/api/risks?limit=200')).toHaveLength(OF_EACH);
    expect(await all('/api/tickets?limit=200')).toHaveLength(OF_EACH);
    const { items } = await get('/api/risks');
    expect(Buffer.byteLength(JSON.stringify(items))).toBeGreaterThan(0.85 * MAX_MESSAGE_BYTES);
  });

  it('a small page is as before: all of it, and no next', async () => {
    const { items, next } = await get(`/api/tiers?limit=200`);
    expect([(items as Item[]).length, next]).toEqual([CUSTOMERS + 1, undefined]);
  });
});
