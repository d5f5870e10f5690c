import { Module, type DynamicModule } from '@nestjs/common';
import {
  followingAlerts,
  lostStreamAlert,
  PolicyBook,
  policyCommands,
  SERVICE_RUNTIME,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { CustomerCommands } from './customer/customerCommands.ts';
import { DeadlineSweeper } from './deadlines/deadlineSweeper.ts';
import { DUE_DEADLINES, type DueDeadlines } from './deadlines/dueDeadlines.ts';
import { ProjectedDeadlines } from './deadlines/projectedDeadlines.ts';
import { PersonCommands } from './person/personCommands.ts';
import { ProfilesHandlers, VIA } from './profilesHandlers.ts';
import { ProfilesLifecycle } from './profilesLifecycle.ts';
import { PurchaseCommands } from './purchases/purchaseCommands.ts';
import { StandingReaction } from './reactions/standingReaction.ts';
import type { AmountOpener } from './standingReview/amountOpener.ts';
import { StandingCommands } from './standingReview/standingCommands.ts';
import { StandingKnowledge } from './standingReview/standingKnowledge.ts';
import { StandingReviews } from './standingReview/standingReviews.ts';

export interface ProfilesOptions {
  readonly opener: AmountOpener;
  /** Default: asks the projector. */
  readonly dueDeadlines?: DueDeadlines;
  /** Milliseconds between sweeps for due deadlines; default 30,000. */
  readonly sweepEveryMs?: number;
}

/** The profiles service (客户档案). */
@Module({})
export class ProfilesModule {
  static with(runtime: ServiceRuntime, options: ProfilesOptions): DynamicModule {
    return {
      module: ProfilesModule,
      controllers: [
        CustomerCommands,
        PersonCommands,
        PurchaseCommands,
        StandingCommands,
        policyCommands('changeProfilesPolicy'),
      ],
      providers: [
        { provide: SERVICE_RUNTIME, useValue: runtime },
        {
          provide: DUE_DEADLINES,
          useValue: options.dueDeadlines ?? new ProjectedDeadlines(runtime.requests),
        },
        {
          provide: PolicyBook,
          useValue: new PolicyBook(runtime.ledger, followingAlerts(runtime.alert, VIA).unreadable),
        },
        {
          provide: StandingKnowledge,
          useValue: new StandingKnowledge(
            runtime.ledger,
            options.opener,
            runtime.caches,
            lostStreamAlert(runtime.alert, VIA),
          ),
        },
        ProfilesHandlers,
        StandingReviews,
        StandingReaction,
        {
          provide: DeadlineSweeper,
          inject: [StandingReviews, DUE_DEADLINES],
          useFactory: (reviews: StandingReviews, deadlines: DueDeadlines) =>
            new DeadlineSweeper(runtime, reviews, deadlines, options.sweepEveryMs),
        },
        ProfilesLifecycle,
      ],
    };
  }
}
