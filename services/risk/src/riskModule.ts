import { Module, type DynamicModule } from '@nestjs/common';
import { serviceProviders, type ServiceRuntime } from '@rapport/event-sourcing';
import { RiskPolicyCommands } from './policies/riskPolicyCommands.ts';
import { RiskCommands, RiskHandler } from './risk/riskCommands.ts';

/** The risk service (风险). */
@Module({})
export class RiskModule {
  static with(runtime: ServiceRuntime): DynamicModule {
    return {
      module: RiskModule,
      controllers: [RiskCommands, RiskPolicyCommands],
      providers: [...serviceProviders(runtime, 'risk'), RiskHandler],
    };
  }
}
