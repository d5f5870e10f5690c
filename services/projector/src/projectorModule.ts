import { Module, type DynamicModule } from '@nestjs/common';
import { CampaignQueries } from './campaigns/campaignQueries.ts';
import { CampaignStands } from './campaigns/campaignStands.ts';
import { PROJECTOR_RUNTIME, type ProjectorRuntime } from './projectorRuntime.ts';
import { CustomerQueries } from './queries/customerQueries.ts';
import { HistoryQueries } from './queries/historyQueries.ts';
import { ProjectionQueries } from './queries/projectionQueries.ts';
import { RegisterQueries } from './queries/registerQueries.ts';
import { SatisfactionQueries } from './queries/satisfactionQueries.ts';
import { TicketQueries } from './queries/ticketQueries.ts';
import { TierQueries } from './queries/tierQueries.ts';
import { Views } from './queries/views.ts';
import { WaitingQueries } from './waiting/waitingQueries.ts';

/** The projector: builds the views from the log and answers queries on them. */
@Module({})
export class ProjectorModule {
  static with(runtime: ProjectorRuntime): DynamicModule {
    return {
      module: ProjectorModule,
      controllers: [
        CustomerQueries,
        TierQueries,
        SatisfactionQueries,
        TicketQueries,
        RegisterQueries,
        HistoryQueries,
        ProjectionQueries,
        WaitingQueries,
        CampaignQueries,
      ],
      providers: [{ provide: PROJECTOR_RUNTIME, useValue: runtime }, Views, CampaignStands],
    };
  }
}
