import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { INestMicroservice, LoggerService } from '@nestjs/common';
import type { ServiceRuntime } from '@rapport/event-sourcing';
import type { InProcessTransport } from '@rapport/messaging';
import { InteractionsModule } from '@rapport/service-interactions';
import { ImportsModule, type ImportRuntime } from '@rapport/service-imports';
import { LedgerModule, type LedgerQueriesRuntime } from '@rapport/service-ledger';
import { ProfilesModule, type ProfilesOptions } from '@rapport/service-profiles';
import { ProjectorModule, type ProjectorRuntime } from '@rapport/service-projector';
import { RiskModule } from '@rapport/service-risk';
import { SatisfactionModule } from '@rapport/service-satisfaction';
import { TicketsModule } from '@rapport/service-tickets';

export interface ServiceRuntimes {
  readonly service: ServiceRuntime;
  readonly profiles: ProfilesOptions;
  readonly projector: ProjectorRuntime;
  readonly ledger: LedgerQueriesRuntime;
  readonly imports: ImportRuntime;
}

@Module({})
class AllServices {}

/** All services as one Nest microservice on the in-process transport. */
export async function startServices(
  runtimes: ServiceRuntimes,
  transport: InProcessTransport,
  logger: LoggerService | undefined,
): Promise<INestMicroservice> {
  const { service, projector, ledger, profiles, imports } = runtimes;
  const app = await NestFactory.createMicroservice(
    {
      module: AllServices,
      imports: [
        ProjectorModule.with(projector),
        LedgerModule.with(ledger),
        ProfilesModule.with(service, profiles),
        InteractionsModule.with(service),
        TicketsModule.with(service),
        RiskModule.with(service),
        SatisfactionModule.with(service),
        ImportsModule.with(imports),
      ],
    },
    { strategy: transport.server(), logger: logger ?? ['error', 'fatal'] },
  );
  await app.listen();
  return app;
}
