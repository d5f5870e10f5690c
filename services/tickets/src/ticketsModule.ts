import { Module, type DynamicModule } from '@nestjs/common';
import { SERVICE_RUNTIME, type ServiceRuntime } from '@rapport/event-sourcing';
import { CustomerKnowledge, directoryProvider } from './customerKnowledge.ts';
import { TicketCommands, TicketHandler } from './ticket/ticketCommands.ts';

/** The tickets service (工单). */
@Module({})
export class TicketsModule {
  static with(runtime: ServiceRuntime): DynamicModule {
    return {
      module: TicketsModule,
      controllers: [TicketCommands],
      providers: [
        { provide: SERVICE_RUNTIME, useValue: runtime },
        directoryProvider,
        CustomerKnowledge,
        TicketHandler,
      ],
    };
  }
}
