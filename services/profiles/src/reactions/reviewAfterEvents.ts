import {
  ledgerEvents,
  profileEvents,
  STANDING_REACTION,
  type DataOf,
  type CurrentEvent,
} from '@rapport/contracts';
import type { CampaignRunner, CommandMeta, Reaction } from '@rapport/event-sourcing';
import type { StandingReviews } from '../standingReview/standingReviews.ts';

/**
 * purchases, refunds, their corrections, ended and approved flags re-evaluate the customer's standing; the
 * passing of time does through recorded deadlines. A new version of a tiering or RFM policy begins a campaign that
 * reviews every buyer: nobody else's review waits for that.
 */
export class ReviewAfterEvents implements Reaction {
  readonly name = STANDING_REACTION.name;
  readonly version = STANDING_REACTION.version;
  readonly triggers = STANDING_REACTION.triggers;
  readonly startsAt = 'first-event';

  constructor(
    private readonly reviews: StandingReviews,
    private readonly buyers: Pick<CampaignRunner, 'begin'>,
  ) {}

  key({ type, stream, data }: CurrentEvent): string {
    return type === ledgerEvents.PolicyChanged.type ? stream : (data as { customerId: string }).customerId;
  }

  async react(event: CurrentEvent, step: (name: string) => Promise<CommandMeta>): Promise<void> {
    switch (event.type) {
      case profileEvents.CustomerRegistered.type:
        // Who has not bought is a prospect without a segment: nothing to decide, nothing to wait for.
        return;
      case ledgerEvents.PolicyChanged.type: {
        const { policy } = event.data as DataOf<typeof ledgerEvents.PolicyChanged>;
        if (policy === 'tiering' || policy === 'rfm') await this.buyers.begin(event);
        return;
      }
      default: {
        const { customerId } = event.data as { customerId: string };
        await this.reviews.review(customerId, await step('review'), { customerId }, event);
      }
    }
  }
}
