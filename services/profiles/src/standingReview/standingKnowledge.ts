import type { ReadEvent } from '@rapport/contracts';
import { KeyedQueue, type Ledger } from '@rapport/event-sourcing';
import type { CacheBudget, CacheShelf, Timers } from '@rapport/platform';
import type { AmountOpener } from './amountOpener.ts';
import { CustomerKnowledge, type Including, type StandingBasis } from './customerKnowledge.ts';

/**
 * What reviews know of customers and purchases: read when a customer is first asked for, kept up to date from the log
 * from then on, amounts opened. Facts are kept, not events, within the budget of caches: whoever was not asked for the
 * longest is read again.
 */
export class StandingKnowledge {
  /** Whose events it must see. */
  static readonly categories = ['customer', 'purchases'] as const;
  private readonly customers: CacheShelf<CustomerKnowledge>;
  /** Those that are asked for at the moment: they are followed also where they do not fit into memory. */
  private readonly asked = new Map<string, { readonly knowledge: CustomerKnowledge; calls: number }>();
  private readonly queue = new KeyedQueue();

  constructor(
    private readonly ledger: Pick<Ledger, 'readStream'>,
    private readonly opener: AmountOpener,
    caches: CacheBudget,
    private readonly timers: Pick<Timers, 'sleep'>,
  ) {
    this.customers = caches.shelf('followedStreams', ({ bytes }: CustomerKnowledge) => bytes);
  }

  /** For a LogFollower. */
  readonly observe = (events: readonly ReadEvent[]): void => {
    for (const event of events) {
      const customerId = customerOf(event.stream);
      if (customerId === undefined) continue;
      (this.asked.get(customerId)?.knowledge ?? this.customers.peek(customerId))?.follow(event);
    }
  };

  /** As far as this process knows, and an event at least; a decision on it is checked when it is recorded. */
  known(customerId: string, including?: Including): Promise<StandingBasis> {
    return this.ask(customerId, (knowledge) => knowledge.known(including));
  }

  /** As stored. */
  stored(customerId: string): Promise<StandingBasis> {
    return this.ask(customerId, (knowledge) => knowledge.stored());
  }

  private async ask(
    customerId: string,
    question: (knowledge: CustomerKnowledge) => Promise<StandingBasis>,
  ): Promise<StandingBasis> {
    const knowledge =
      this.customers.get(customerId) ??
      new CustomerKnowledge(customerId, this.ledger, this.opener, this.timers);
    const asked = this.asked.get(customerId) ?? { knowledge, calls: 0 };
    this.asked.set(customerId, asked);
    asked.calls += 1;
    try {
      return await this.queue.run(customerId, () => question(asked.knowledge));
    } finally {
      asked.calls -= 1;
      if (asked.calls === 0) {
        // At once: there is no moment at which it is not followed.
        this.customers.set(customerId, asked.knowledge);
        this.asked.delete(customerId);
      }
    }
  }
}

/** `customer-<id>` and `purchases-<id>-<year>`; undefined for other streams. */
function customerOf(stream: string): string | undefined {
  if (stream.startsWith('customer-')) return stream.slice('customer-'.length);
  return stream.startsWith('purchases-')
    ? stream.slice('purchases-'.length, stream.lastIndexOf('-'))
    : undefined;
}
