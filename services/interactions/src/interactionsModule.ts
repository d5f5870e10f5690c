import { Module, type DynamicModule } from '@nestjs/common';
import { serviceProviders, type ServiceRuntime } from '@rapport/event-sourcing';
import { InteractionCommands, InteractionHandler } from './interaction/interactionCommands.ts';
import { RecordingPolicyCommands } from './policies/recordingPolicyCommands.ts';

/** The interactions service (互动). */
@Module({})
export class InteractionsModule {
  static with(runtime: ServiceRuntime): DynamicModule {
    return {
      module: InteractionsModule,
      controllers: [InteractionCommands, RecordingPolicyCommands],
      providers: [...serviceProviders(runtime, 'interactions'), InteractionHandler],
    };
  }
}
