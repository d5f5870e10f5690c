import { Module, type DynamicModule } from '@nestjs/common';
import { policyCommands, serviceProviders, type ServiceRuntime } from '@rapport/event-sourcing';
import { RiskCommands, RiskHandler } from './risk/riskCommands.ts';

/** The risk service (风险). */
@Module({})
export class RiskModule {
  static with(runtime: ServiceRuntime): DynamicModule {
    return {
      module: RiskModule,
      controllers: [RiskCommands, policyCommands('changeRiskPolicy')],
      providers: [...serviceProviders(runtime, 'risk'), RiskHandler],
    };
  }
}
