import { Module, type DynamicModule } from '@nestjs/common';
import {
  DeadlineSweeper,
  followingAlerts,
  ParkedCommands,
  PolicyBook,
  policyCommands,
  SERVICE_RUNTIME,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { CustomerCommands } from './customer/customerCommands.ts';
import { StandingDeadlines } from './deadlines/standingDeadlines.ts';
import { PersonCommands } from './person/personCommands.ts';
import { ProfilesHandlers, VIA } from './profilesHandlers.ts';
import { ProfilesLifecycle } from './profilesLifecycle.ts';
import { PurchaseCommands } from './purchases/purchaseCommands.ts';
import { PurchaseYears } from './purchases/purchaseYears.ts';
import { StandingReaction } from './reactions/standingReaction.ts';
import type { AmountOpener } from './standingReview/amountOpener.ts';
import { StandingCommands } from './standingReview/standingCommands.ts';
import { StandingKnowledge } from './standingReview/standingKnowledge.ts';
import { StandingReviews } from './standingReview/standingReviews.ts';

export interface ProfilesOptions {
  readonly opener: AmountOpener;
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
        ParkedCommands,
        policyCommands('changeProfilesPolicy'),
      ],
      providers: [
        { provide: SERVICE_RUNTIME, useValue: runtime },
        {
          provide: PolicyBook,
          useValue: new PolicyBook(runtime.ledger, followingAlerts(runtime.alert, VIA).unreadable),
        },
        {
          provide: StandingKnowledge,
          useValue: new StandingKnowledge(runtime.ledger, options.opener, runtime.caches, runtime.timers),
        },
        ProfilesHandlers,
        {
          provide: PurchaseYears,
          inject: [ProfilesHandlers],
          useFactory: ({ purchases }: ProfilesHandlers) =>
            new PurchaseYears(purchases, runtime.ledger, runtime.caches),
        },
        StandingReviews,
        StandingReaction,
        StandingDeadlines,
        { provide: DeadlineSweeper, useFactory: () => new DeadlineSweeper(runtime, VIA) },
        ProfilesLifecycle,
      ],
    };
  }
}
