import { Module, type DynamicModule } from '@nestjs/common';
import { policyCommands, serviceProviders, type ServiceRuntime } from '@rapport/event-sourcing';
import { ImprovementCommands, ImprovementHandler } from './improvement/improvementCommands.ts';
import { SurveyCommands, SurveyHandler } from './survey/surveyCommands.ts';

/** The satisfaction service (满意度与改进). */
@Module({})
export class SatisfactionModule {
  static with(runtime: ServiceRuntime): DynamicModule {
    return {
      module: SatisfactionModule,
      controllers: [SurveyCommands, ImprovementCommands, policyCommands('changeSatisfactionPolicy')],
      providers: [...serviceProviders(runtime, 'satisfaction'), SurveyHandler, ImprovementHandler],
    };
  }
}
