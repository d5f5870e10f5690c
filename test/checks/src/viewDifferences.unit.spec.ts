import { describe, expect, it } from '@jest/globals';
import type { Client } from './client.ts';
import { ExpectedViews } from './expectedViews.ts';
import type { StoredEvent } from './storedEvent.ts';
import { viewDifferences } from './viewDifferences.ts';

type Items = Readonly<Record<string, readonly object[]>>;

const recorded = (type: string, data: object): StoredEvent =>
  ({ type: `crm.any.${type}`, data }) as unknown as StoredEvent;

const expected = (): ExpectedViews =>
  new ExpectedViews([
    recorded('CustomerRegistered', { customerId: 'c', name: '甲' }),
    recorded('ContactAdded', { customerId: 'c' }),
    recorded('PurchaseRecorded', { customerId: 'c' }),
    recorded('CustomerTierChanged', { customerId: 'c', to: 'A' }),
    recorded('CustomerSegmentChanged', { customerId: 'c', to: 'high-value' }),
    recorded('TicketOpened', { ticketId: 't', level: 'L3', tier: { value: 'A' } }),
    recorded('TicketAcknowledged', { ticketId: 't', level: 'L2' }),
    recorded('TicketResponded', { ticketId: 't' }),
    recorded('RiskIdentified', { riskId: 'r' }),
    recorded('RiskAssessed', { riskId: 'r', level: 'high', score: 12 }),
    recorded('ImprovementPlanned', { improvementId: 'i' }),
    recorded('SurveyAnswered', { scores: { productQuality: 4 } }),
    recorded('SurveyAnswered', { scores: { productQuality: 5 } }),
  ]);

const RIGHT: Items = {
  '/api/tickets': [{ id: 't', state: 'responded', responses: 1, level: 'L2', tier: 'A' }],
  '/api/tickets?state=closed': [],
  '/api/customers': [{ id: 'c', name: '甲', contacts: [{}], tier: 'A', segment: 'high-value' }],
  '/api/risks': [{ id: 'r', level: 'high', score: 12 }],
  '/api/improvements': [{ id: 'i' }],
};
const TIERS = { A: 1, B: 0, C: 0, prospect: 0 };
const MEANS = { productQuality: { mean: 4.5, n: 2 }, responseSpeed: { mean: 0, n: 0 } };

function showing(items: Items, tiers: object = TIERS, dimensions: object = MEANS): Client {
  return {
    all: async (path: string) => items[path],
    get: async (path: string) => ({ body: path === '/api/tiers/summary' ? tiers : { dimensions } }),
  } as unknown as Client;
}

const found = (client: Client): Promise<readonly string[]> => viewDifferences(client, expected());

describe('views that are compared with the log', () => {
  it('equal it', async () => {
    expect(await found(showing(RIGHT))).toEqual([]);
  });

  it.each([
    [
      'a ticket that is not shown',
      { ...RIGHT, '/api/tickets': [] },
      /ticket t is in the log, and is not shown/,
    ],
    [
      'a risk that nobody recorded',
      { ...RIGHT, '/api/risks': [...RIGHT['/api/risks']!, { id: 'x' }] },
      /risk x is shown/,
    ],
    [
      'a customer twice',
      { ...RIGHT, '/api/customers': [RIGHT['/api/customers']![0]!, RIGHT['/api/customers']![0]!] },
      /twice/,
    ],
    [
      'a contact that is missing',
      { ...RIGHT, '/api/customers': [{ ...RIGHT['/api/customers']![0]!, contacts: [] }] },
      /contacts 0, the log says 1/,
    ],
    [
      'an old state',
      { ...RIGHT, '/api/tickets': [{ ...RIGHT['/api/tickets']![0]!, state: 'open' }] },
      /state "open", the log says "responded"/,
    ],
  ])('differ by %s', async (_what, items, difference) => {
    expect(await found(showing(items as Items))).toEqual([expect.stringMatching(difference)]);
  });

  it('differ by counts and means', async () => {
    expect(await found(showing(RIGHT, { ...TIERS, A: 2 }))).toEqual([
      expect.stringMatching(/tiers shows A 2, the log says 1/),
    ]);
    expect(await found(showing(RIGHT, TIERS, {}))).toEqual([
      expect.stringMatching(/satisfaction shows productQuality/),
    ]);
  });
});
