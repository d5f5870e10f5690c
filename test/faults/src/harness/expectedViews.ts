import type { StoredEvent } from './client.ts';

export interface ExpectedTicket {
  state: string;
  responses: number;
  level: string;
  tier: string;
}

/** What the views must show, folded from the log a second time. Shares no code with the projector. */
export class ExpectedViews {
  readonly tickets: Record<string, ExpectedTicket> = {};
  readonly customers: Record<string, { name: unknown; purchases: number; contacts: number; tier: string }> =
    {};
  readonly scores: Record<string, { n: number; sum: number }> = {};

  constructor(log: readonly StoredEvent[]) {
    for (const { type, data } of log) this.take(type.split('.').at(-1)!, data as Record<string, never>);
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

  private take(what: string, data: Record<string, never>): void {
    const ticket = this.tickets[data['ticketId']!]!;
    const customer = this.customers[data['customerId']!]!;
    if (what === 'CustomerRegistered') {
      this.customers[data['customerId']!] = {
        name: data['name'],
        purchases: 0,
        contacts: 0,
        tier: 'prospect',
      };
    } else if (what === 'ContactAdded') customer.contacts += 1;
    else if (what === 'PurchaseRecorded') customer.purchases += 1;
    else if (what === 'CustomerTierChanged') customer.tier = data['to']!;
    else if (what === 'TicketOpened') {
      const { level, tier } = data as unknown as { level: string; tier: { value: string } };
      this.tickets[data['ticketId']!] = { state: 'open', responses: 0, level, tier: tier.value };
    } else if (what === 'TicketResponded') {
      ticket.state = 'responded';
      ticket.responses += 1;
    } else if (what === 'SurveyAnswered') {
      for (const [dimension, score] of Object.entries(data['scores']! as Record<string, number>)) {
        const { n, sum } = this.scores[dimension] ?? { n: 0, sum: 0 };
        this.scores[dimension] = { n: n + 1, sum: sum + score };
      }
    }
  }
}
