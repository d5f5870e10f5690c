import { Module, type DynamicModule } from '@nestjs/common';
import { policyCommands, serviceProviders, type ServiceRuntime } from '@rapport/event-sourcing';
import { InteractionCommands, InteractionHandler } from './interaction/interactionCommands.ts';

/** The interactions service (互动). */
@Module({})
export class InteractionsModule {
  static with(runtime: ServiceRuntime): DynamicModule {
    return {
      module: InteractionsModule,
      controllers: [InteractionCommands, policyCommands('changeInteractionsPolicy')],
      providers: [...serviceProviders(runtime, 'interactions'), InteractionHandler],
    };
  }
}
