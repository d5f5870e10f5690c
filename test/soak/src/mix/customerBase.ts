import type { Seeded } from './seeded.ts';

/** Purchases and contacts of a customer that are worth acting on again. */
const REMEMBERED = 8;

/** A customer as those who work with it know it. */
export interface KnownCustomer {
  readonly id: string;
  readonly name: string;
  readonly contacts: string[];
  readonly purchases: string[];
  /** A strategic designation that waits for approval. */
  designation?: string | undefined;
}

/** A ticket and the steps that it still has to take. */
export interface KnownTicket {
  readonly id: string;
  readonly steps: TicketStep[];
}

export type TicketStep = 'acknowledge' | 'respond' | 'resolve' | 'visit' | 'close' | 'reopen';

/**
 * What the users of the soak know, bounded: people work on some thousand customers at a time, and forget others. What is
 * taken is nobody else's until it is given back, so that no two of them meet on one ticket.
 */
export class CustomerBase {
  readonly customers: KnownCustomer[] = [];
  private readonly tickets: KnownTicket[] = [];
  private readonly risks: string[] = [];
  /** Position token of the last command that was answered. */
  lastPosition: string | undefined;

  constructor(
    private readonly random: Seeded,
    private readonly capacity: number,
  ) {}

  customer(): KnownCustomer | undefined {
    return this.customers.length === 0 ? undefined : this.random.of(this.customers);
  }

  add(customer: KnownCustomer): void {
    if (this.customers.length < this.capacity) this.customers.push(customer);
    else this.customers[this.random.below(this.capacity)] = customer;
  }

  takeTicket(): KnownTicket | undefined {
    return take(this.tickets, this.random);
  }

  giveTicket(ticket: KnownTicket): void {
    if (ticket.steps.length > 0 && this.tickets.length < this.capacity) this.tickets.push(ticket);
  }

  get ticketId(): string | undefined {
    return this.tickets.length === 0 ? undefined : this.random.of(this.tickets).id;
  }

  takeRisk(): string | undefined {
    return take(this.risks, this.random);
  }

  giveRisk(id: string): void {
    if (this.risks.length < this.capacity) this.risks.push(id);
  }
}

/** Remembers one more, and forgets the oldest of too many. */
export function remember(list: string[], id: string): void {
  list.push(id);
  if (list.length > REMEMBERED) list.shift();
}

/** Takes any out; the last one fills its place. */
export function take<Item>(list: Item[], random: Seeded): Item | undefined {
  if (list.length === 0) return undefined;
  const at = random.below(list.length);
  const taken = list[at];
  const last = list.pop()!;
  if (at < list.length) list[at] = last;
  return taken;
}
