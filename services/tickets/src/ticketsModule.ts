import { Module, type DynamicModule } from '@nestjs/common';
import { serviceProviders, type ServiceRuntime } from '@rapport/event-sourcing';
import { ServiceRecordCommands, ServiceRecordHandler } from './serviceRecord/serviceRecordCommands.ts';
import { TicketCommands, TicketHandler } from './ticket/ticketCommands.ts';

/** The tickets service (工单). */
@Module({})
export class TicketsModule {
  static with(runtime: ServiceRuntime): DynamicModule {
    return {
      module: TicketsModule,
      controllers: [TicketCommands, ServiceRecordCommands],
      providers: [...serviceProviders(runtime, 'tickets'), TicketHandler, ServiceRecordHandler],
    };
  }
}
