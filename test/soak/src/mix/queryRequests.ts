import type { Role } from '@rapport/contracts';
import type { Make, Making } from './commandRequests.ts';
import type { SoakRequest } from './request.ts';
import { READS_OWN_WRITE } from './weights.ts';

/** A query by its name; some wait for what was just written. */
const asks =
  (kind: string, role: Role, pathOf: (making: Making) => string | undefined): Make =>
  (making) => {
    const path = pathOf(making);
    if (path === undefined) return undefined;
    const { lastPosition } = making.base;
    const after =
      lastPosition !== undefined && kind !== 'events.list' && making.random.fraction() < READS_OWN_WRITE
        ? `${path.includes('?') ? '&' : '?'}after=${lastPosition}`
        : '';
    return {
      kind: after === '' ? kind : `${kind} after`,
      group: 'query',
      role,
      method: 'GET',
      path: path + after,
    };
  };

const ofCustomer =
  (page: string) =>
  ({ base }: Making): string | undefined => {
    const customer = base.customer();
    return customer && `/api/customers/${customer.id}${page}`;
  };

const shows = (kind: string, path: string): Make => asks(kind, 'manager', () => path);

export const QUERIES = {
  'customers.get': asks('customers.get', 'account-manager', ofCustomer('')),
  'customers.view360': asks('customers.view360', 'account-manager', ofCustomer('/view')),
  'customers.list': asks('customers.list', 'account-manager', ({ random }) =>
    random.fraction() < 0.5 ? '/api/customers?limit=20' : '/api/customers?tier=A&limit=20',
  ),
  'customers.timeline': asks('customers.timeline', 'account-manager', ofCustomer('/timeline?limit=20')),
  'tickets.list': shows('tickets.list', '/api/tickets?limit=20'),
  'tickets.get': asks(
    'tickets.get',
    'specialist',
    ({ base }) => base.ticketId && `/api/tickets/${base.ticketId}`,
  ),
  'tiers.list': shows('tiers.list', '/api/tiers?limit=20'),
  'tiers.summary': shows('tiers.summary', '/api/tiers/summary'),
  'satisfaction.summary': shows('satisfaction.summary', '/api/satisfaction/summary'),
  'risks.list': shows('risks.list', '/api/risks?limit=20'),
  'improvements.list': shows('improvements.list', '/api/improvements?limit=20'),
  'events.list': asks(
    'events.list',
    'auditor',
    ({ random, number }) => `/api/events?from=${random.below(number)}&limit=50`,
  ),
} as const satisfies Readonly<Record<string, (making: Making) => SoakRequest | undefined>>;
