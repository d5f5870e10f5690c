import { describe, expect, it } from '@jest/globals';
import { PERMISSIONS, ROLES, riskEvents, ticketEvents, type Role } from '@rapport/contracts';
import type { ViewCursor } from '@rapport/views';
import { CustomerQueries } from './customerQueries.ts';
import type { Cut } from './pages.ts';
import type { Views } from './views.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const RISK = riskEvents.RiskIdentified.type;
const TICKET = ticketEvents.TicketOpened.type;

/** Views of one customer with this history, latest first, and one risk. */
function viewsOf(history: readonly string[]): Views {
  return {
    answer: async (_views: unknown, _message: unknown, ask: () => Promise<object>) => ({
      ...(await ask()),
      stale: false,
    }),
    one: async () => ({ id: customerId, tier: 'B', revision: 0, contacts: [] }),
    now: () => 0,
    collection: () => ({ get: async () => undefined }),
    find: async (view: string, _order: unknown, limit: number, after?: ViewCursor) => {
      if (view !== 'timeline') return { placed: [{ item: { id: view }, place: { value: 0, key: view } }] };
      const from = after === undefined ? 0 : Number(after.value) + 1;
      const placed = history.slice(from, from + limit).map((type, n) => ({
        item: { stream: type, revision: from + n },
        place: { value: from + n, key: type },
      }));
      return { placed, end: from + limit < history.length ? placed.at(-1)!.place : undefined };
    },
    history: async (type: string, index: number) => [{ type, index }],
    openCursor: (_query: string, cursor?: string) =>
      cursor === undefined ? undefined : { value: Number(cursor), key: '' },
    sealCursor: (_query: string, { value }: ViewCursor) => String(value),
    answerPage: (_query: string, { items, after }: Cut<unknown>) => ({
      body: { items, ...(after !== undefined && { next: String(after.value) }) },
    }),
  } as unknown as Views;
}

function as(role: Role, parameters: object = {}): never {
  return { parameters: { customerId, ...parameters }, actor: { id: 'actor-1', roles: [role] } } as never;
}

type Body = {
  risks?: object[];
  timeline: { type: string }[];
  items: { type: string; index: number }[];
  next?: string;
};

const history = [RISK, TICKET, RISK, RISK, TICKET, TICKET, RISK];

describe('what a role sees of a customer', () => {
  it.each(ROLES)(
    'R-015 %s sees risks in overview and timeline only where it may read the register',
    async (role) => {
      const may = (PERMISSIONS['risks.read'] as readonly Role[]).includes(role);
      const queries = new CustomerQueries(viewsOf(history));
      const view = (await queries.view360(as(role))).body as Body;
      const timeline = (await queries.timeline(as(role))).body as Body;
      expect('risks' in view).toBe(may);
      expect(view.timeline.map(({ type }) => type).includes(RISK)).toBe(may);
      expect(timeline.items.map(({ type }) => type)).toEqual(may ? history : [TICKET, TICKET, TICKET]);
    },
  );

  it('R-015 pages stay full, and nothing comes twice or is missed, where events are left out', async () => {
    const queries = new CustomerQueries(viewsOf(history));
    const first = (await queries.timeline(as('service-agent', { limit: 2 }))).body as Body;
    expect(first.items.map(({ index }) => index)).toEqual([1, 4]);
    const second = (await queries.timeline(as('service-agent', { limit: 2, cursor: first.next })))
      .body as Body;
    expect(second.items.map(({ index }) => index)).toEqual([5]);
    expect(second.next).toBeUndefined();
  });
});
