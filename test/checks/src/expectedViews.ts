import type { StoredEvent } from './storedEvent.ts';

export interface ExpectedTicket {
  state: string;
  responses: number;
  level: string;
  tier: string;
}

export interface ExpectedCustomer {
  name: unknown;
  purchases: number;
  contacts: number;
  tier: string;
  segment: string | null;
}

export interface ExpectedRisk {
  level: string | null;
  score: number;
}

/** Ids, levels and names are texts; what is not is said where it is read. */
type Data = Readonly<Record<string, string>>;
type Take = (views: ExpectedViews, data: Data) => void;

/** What the views must show, folded from the log a second time. Shares no code with the projector. */
export class ExpectedViews {
  readonly tickets: Record<string, ExpectedTicket> = {};
  readonly customers: Record<string, ExpectedCustomer> = {};
  readonly risks: Record<string, ExpectedRisk> = {};
  /** Ids on the improvement board. */
  readonly improvements = new Set<string>();
  readonly scores: Record<string, { n: number; sum: number }> = {};

  constructor(log: readonly StoredEvent[] = []) {
    for (const event of log) this.take(event);
  }

  /** The next event of the log. */
  take({ type, data }: StoredEvent): void {
    TAKES[type.split('.').at(-1)!]?.(this, data as Data);
  }

  /** Customers by tier. */
  get tiers(): Record<string, number> {
    const counts: Record<string, number> = { A: 0, B: 0, C: 0, prospect: 0 };
    for (const { tier } of Object.values(this.customers)) counts[tier]! += 1;
    return counts;
  }

  /** Mean and n of each dimension that somebody answered. */
  get means(): Record<string, { mean: number; n: number }> {
    return Object.fromEntries(
      Object.entries(this.scores).map(([dimension, { n, sum }]) => [
        dimension,
        { mean: Number((sum / n).toFixed(4)), n },
      ]),
    );
  }
}

/** By the event's name. */
const TAKES: Readonly<Record<string, Take>> = {
  CustomerRegistered({ customers }, data) {
    const { customerId, name } = data;
    customers[customerId!] = { name, purchases: 0, contacts: 0, tier: 'prospect', segment: null };
  },
  ContactAdded: (views, data) => void (customerOf(views, data).contacts += 1),
  PurchaseRecorded: (views, data) => void (customerOf(views, data).purchases += 1),
  CustomerTierChanged: (views, data) => void (customerOf(views, data).tier = data['to']!),
  CustomerSegmentChanged(views, data) {
    customerOf(views, data).segment = data['to'] === 'none' ? null : data['to']!;
  },
  TicketOpened({ tickets }, data) {
    const { ticketId, level, tier } = data as unknown as {
      ticketId: string;
      level: string;
      tier: { value: string };
    };
    tickets[ticketId] = { state: 'open', responses: 0, level, tier: tier.value };
  },
  TicketAcknowledged(views, data) {
    Object.assign(ticketOf(views, data), { state: 'acknowledged', level: data['level'] });
  },
  TicketResponded(views, data) {
    const ticket = ticketOf(views, data);
    ticket.responses += 1;
    if (ticket.state !== 'resolved') ticket.state = 'responded';
  },
  TicketResolved: (views, data) => void (ticketOf(views, data).state = 'resolved'),
  TicketClosed: (views, data) => void (ticketOf(views, data).state = 'closed'),
  TicketReopened: (views, data) => void (ticketOf(views, data).state = 'responded'),
  RiskIdentified: ({ risks }, data) => void (risks[data['riskId']!] = { level: null, score: 0 }),
  RiskAssessed({ risks }, data) {
    const { riskId, level, score } = data as unknown as { riskId: string } & ExpectedRisk;
    risks[riskId] = { level, score };
  },
  FeedbackReceived: ({ improvements }, data) => void improvements.add(data['improvementId']!),
  ImprovementPlanned: ({ improvements }, data) => void improvements.add(data['improvementId']!),
  SurveyAnswered({ scores }, data) {
    for (const [dimension, score] of Object.entries(data['scores'] as unknown as Record<string, number>)) {
      const { n, sum } = scores[dimension] ?? { n: 0, sum: 0 };
      scores[dimension] = { n: n + 1, sum: sum + score };
    }
  },
};

function customerOf({ customers }: ExpectedViews, data: Data): ExpectedCustomer {
  return customers[data['customerId']!]!;
}

function ticketOf({ tickets }: ExpectedViews, data: Data): ExpectedTicket {
  return tickets[data['ticketId']!]!;
}
