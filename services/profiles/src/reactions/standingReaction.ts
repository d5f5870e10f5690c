import { Inject, Injectable } from '@nestjs/common';
import {
  CampaignRunner,
  PolicyBook,
  ReactionRunner,
  SERVICE_RUNTIME,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { VIA } from '../profilesHandlers.ts';
import { StandingReviews } from '../standingReview/standingReviews.ts';
import { ReviewAfterEvents } from './reviewAfterEvents.ts';
import { ReviewBuyers } from './reviewBuyers.ts';

/** The standing reaction, and the review of all buyers after a policy has changed, as they run in a process. */
@Injectable()
export class StandingReaction {
  private readonly runner: ReactionRunner;
  private readonly buyers: CampaignRunner;

  constructor(
    @Inject(SERVICE_RUNTIME) runtime: ServiceRuntime,
    @Inject(StandingReviews) reviews: StandingReviews,
    @Inject(PolicyBook) policies: PolicyBook,
  ) {
    this.buyers = new CampaignRunner(runtime, VIA, new ReviewBuyers(reviews, policies));
    this.runner = new ReactionRunner(runtime, VIA, new ReviewAfterEvents(reviews, this.buyers));
  }

  start(): void {
    this.runner.start();
    this.buyers.start();
  }

  async stop(): Promise<void> {
    await this.runner.stop();
    await this.buyers.stop();
  }

  /** Tries every parked customer whose time has come. @throws Problem where the view does not answer */
  async retryParked(): Promise<void> {
    await this.runner.retryParked();
    await this.buyers.retryParked();
  }

  /** Resolves when everything up to a position of the log has been reacted to, and all buyers were reviewed for it. */
  async caughtUp(position: number): Promise<void> {
    await this.runner.caughtUp(position);
    await this.buyers.idle();
  }
}
