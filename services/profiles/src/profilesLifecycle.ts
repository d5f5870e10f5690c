import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  followingAlerts,
  LogFollower,
  PolicyBook,
  SERVICE_RUNTIME,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { PurchaseYears } from './purchases/purchaseYears.ts';
import { StandingReaction } from './reactions/standingReaction.ts';
import { VIA } from './profilesHandlers.ts';
import { StandingKnowledge } from './standingReview/standingKnowledge.ts';

/** What runs beside the commands: following the log, the standing reaction. */
@Injectable()
export class ProfilesLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly follower: LogFollower;

  constructor(
    @Inject(SERVICE_RUNTIME) runtime: ServiceRuntime,
    @Inject(PolicyBook) private readonly policies: PolicyBook,
    @Inject(StandingKnowledge) knowledge: StandingKnowledge,
    @Inject(PurchaseYears) years: PurchaseYears,
    @Inject(StandingReaction) private readonly reaction: StandingReaction,
  ) {
    this.follower = new LogFollower(
      runtime.ledger,
      runtime.timers,
      [(events) => policies.observe(events), knowledge.observe, years.observe],
      followingAlerts(runtime.alert, VIA),
      {
        followers: runtime.followers,
        kind: 'knowledge',
        name: VIA,
        categories: [...PolicyBook.categories, ...StandingKnowledge.categories],
      },
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    // First follow, then read: a version recorded in between is seen twice rather than never.
    await this.follower.start();
    await this.policies.load();
    this.reaction.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.reaction.stop();
    await this.follower.stop();
  }
}
