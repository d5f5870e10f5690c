import {
  ledgerEvents,
  profileEvents,
  STANDING_REACTION,
  type DataOf,
  type CurrentEvent,
} from '@rapport/contracts';
import type { CommandMeta, Ledger, PolicyBook, Reaction } from '@rapport/event-sourcing';
import { buyingCustomers } from './buyingCustomers.ts';
import type { StandingReviews } from '../standingReview/standingReviews.ts';

const SIDE_BY_SIDE = 16;

/**
 * purchases, refunds, their corrections, ended and approved flags re-evaluate the customer's standing; the
 * passing of time does through recorded deadlines.
 *
 * A new version of a tiering or RFM policy may change every customer's standing from its effective instant on,
 * never before (it takes effect at least 60 s after it is recorded). So when it is recorded, every customer that
 * ever bought is reviewed once: nothing changes yet, but the exact instant of the next change is computed with the
 * new version and scheduled anew where it differs. The deadline then fires at that instant like any other.
 * Customers are found by reading the log, which takes seconds for a million events; policies change rarely.
 */
export class ReviewAfterEvents implements Reaction {
  readonly name = STANDING_REACTION.name;
  readonly version = STANDING_REACTION.version;
  readonly triggers = STANDING_REACTION.triggers;
  readonly startsAt = 'first-event';

  constructor(
    private readonly ledger: Ledger,
    private readonly reviews: StandingReviews,
    private readonly policies: PolicyBook,
  ) {}

  key({ type, stream, data }: CurrentEvent): string {
    return type === ledgerEvents.PolicyChanged.type ? stream : (data as { customerId: string }).customerId;
  }

  async react(event: CurrentEvent, step: (name: string) => Promise<CommandMeta>): Promise<void> {
    switch (event.type) {
      case profileEvents.CustomerRegistered.type:
        // Who has not bought is a prospect without a segment: nothing to decide, nothing to wait for.
        return;
      case ledgerEvents.PolicyChanged.type:
        return this.policyChanged(event, step);
      default: {
        const { customerId } = event.data as { customerId: string };
        await this.reviews.review(customerId, await step('review'), { customerId });
      }
    }
  }

  private async policyChanged(
    event: CurrentEvent,
    step: (name: string) => Promise<CommandMeta>,
  ): Promise<void> {
    const { policy } = event.data as DataOf<typeof ledgerEvents.PolicyChanged>;
    if (policy !== 'tiering' && policy !== 'rfm') return;
    // This process's book may not have followed so far yet.
    await this.policies.load();
    const waiting = [...(await buyingCustomers(this.ledger))];
    while (waiting.length > 0) {
      await Promise.all(
        waiting.splice(0, SIDE_BY_SIDE).map(async (customerId) => {
          await this.reviews.review(customerId, await step(`review ${customerId}`), { customerId });
        }),
      );
    }
  }
}
