import { CAMPAIGNS, profileEvents, type DataOf, type CurrentEvent } from '@rapport/contracts';
import type { Campaign, CommandMeta, PolicyBook } from '@rapport/event-sourcing';
import type { StandingReviews } from '../standingReview/standingReviews.ts';

/**
 * a new version of a tiering or RFM policy may change every customer's standing from its effective instant on,
 * never before (it takes effect at least 60 s after it is recorded). So every customer that ever bought is reviewed once:
 * nothing changes yet, but the exact instant of the next change is computed with the new version and scheduled anew where
 * it differs. The deadline then fires at that instant like any other. Only who bought has a standing.
 */
export class ReviewBuyers implements Campaign {
  readonly name = CAMPAIGNS.standingPolicies;
  readonly categories = ['customer'];

  constructor(
    private readonly reviews: StandingReviews,
    private readonly policies: PolicyBook,
  ) {}

  keyOf({ type, data }: CurrentEvent): string | undefined {
    return type === profileEvents.PurchaseYearOpened.type
      ? (data as DataOf<typeof profileEvents.PurchaseYearOpened>).customerId
      : undefined;
  }

  /** This process's book may not have followed so far yet. */
  prepare(): Promise<void> {
    return this.policies.load();
  }

  async settle(customerId: string, step: (name: string) => Promise<CommandMeta>): Promise<void> {
    await this.reviews.review(customerId, await step('review'), { customerId });
  }
}
