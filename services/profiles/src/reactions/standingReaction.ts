import { Inject, Injectable } from '@nestjs/common';
import { PolicyBook, ReactionRunner, SERVICE_RUNTIME, type ServiceRuntime } from '@rapport/event-sourcing';
import { VIA } from '../profilesHandlers.ts';
import { StandingReviews } from '../standingReview/standingReviews.ts';
import { ReviewAfterEvents } from './reviewAfterEvents.ts';

/** The standing reaction as it runs in a process. */
@Injectable()
export class StandingReaction {
  private readonly runner: ReactionRunner;

  constructor(
    @Inject(SERVICE_RUNTIME) runtime: ServiceRuntime,
    @Inject(StandingReviews) reviews: StandingReviews,
    @Inject(PolicyBook) policies: PolicyBook,
  ) {
    this.runner = new ReactionRunner(runtime, VIA, new ReviewAfterEvents(runtime.ledger, reviews, policies));
  }

  start(): void {
    this.runner.start();
  }

  stop(): Promise<void> {
    return this.runner.stop();
  }

  /** Resolves when everything up to a position of the log has been reacted to. */
  caughtUp(position: number): Promise<void> {
    return this.runner.caughtUp(position);
  }
}
