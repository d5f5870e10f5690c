import type { Actor } from '../wire/actor.ts';
import type { Permission } from '../permissions/permissions.ts';

/** Every question that the views answer: name → who may ask. Parameters: parameters.ts; ids from the path beside. */
export const QUERIES = {
  /** {customerId}: with as many contacts as fit; customers.contacts has all */
  'customers.get': 'customers.read',
  /** ListCustomers */
  'customers.list': 'customers.read',
  /** {customerId}: customer 360, the open tickets, risks, surveys and the latest of the timeline included */
  'customers.view360': 'customers.read',
  /** {customerId} & Page, latest first */
  'customers.timeline': 'customers.read',
  /** {customerId} & Page, in the order in which they were added */
  'customers.contacts': 'customers.read',
  /** {customerId} & Page, latest first */
  'customers.surveys': 'customers.read',
  /** Consistency */
  'tiers.summary': 'views.read',
  /** ListTiers */
  'tiers.list': 'views.read',
  /** SummariseSatisfaction */
  'satisfaction.summary': 'views.read',
  /** {ticketId} & ReadTicket: with a page of its history, earliest first */
  'tickets.get': 'views.read',
  /** ListTickets: the queue, tier A first */
  'tickets.list': 'views.read',
  /** ListRisks */
  'risks.list': 'risks.read',
  /** Page */
  'improvements.list': 'views.read',
  /** ReadEvents; answered by the ledger, data as stored */
  'events.list': 'events.read',
  /** No parameters: every projection's checkpoint, lag, parked keys */
  'projections.status': 'projections.manage',
  /** {view, key} */
  'projections.unpark': 'projections.manage',
  /** {view}: builds the next version beside the live one */
  'projections.rebuild': 'projections.manage',
  /** {view} */
  'projections.compare': 'projections.manage',
  /** {view, version} */
  'projections.switch': 'projections.manage',
} as const satisfies Readonly<Record<string, Permission>>;

export type QueryName = keyof typeof QUERIES;

export interface QueryMessage<Parameters = object> {
  readonly parameters: Parameters;
  readonly actor: Actor;
  /** Position token: wait briefly until the view has it. */
  readonly after?: string;
}

/** The answer to a query: `body` is masked for the actor already. */
export interface QueryAnswer<Body = object> {
  readonly body: Body;
  /** The view had not reached `after` in time. */
  readonly stale: boolean;
  /** Revision of the record's stream, where the answer is one record: the ETag. */
  readonly revision?: number;
  /** Cursor of the next page. */
  readonly next?: string;
}
