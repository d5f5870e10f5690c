import { Controller, Inject, Injectable } from '@nestjs/common';
import { derivedId, type CommandAnswer, type RecordService } from '@rapport/contracts';
import {
  AggregateCommands,
  CustomerDirectory,
  SERVICE_RUNTIME,
  type CommandMessage,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { ServesCommand } from '@rapport/messaging';
import {
  serviceRecordDecider,
  type ServiceRecord,
  type ServiceRecordCommand,
} from './serviceRecordDecider.ts';

@Injectable()
export class ServiceRecordHandler extends AggregateCommands<ServiceRecord, ServiceRecordCommand> {
  constructor(@Inject(SERVICE_RUNTIME) runtime: ServiceRuntime) {
    const decider = serviceRecordDecider;
    super(runtime, { via: 'tickets', category: 'serviceRecord', decider });
  }
}

/** Commands on service records; only translates. */
@Controller()
export class ServiceRecordCommands {
  constructor(
    private readonly records: ServiceRecordHandler,
    private readonly customers: CustomerDirectory,
  ) {}

  @ServesCommand('recordService')
  async record(message: CommandMessage<RecordService>): Promise<CommandAnswer> {
    const { payload: input, meta } = message;
    const { customerId, contactId } = input;
    const persons = await this.customers.require(customerId, contactId === undefined ? [] : [contactId]);
    const serviceRecordId = derivedId(meta.commandId, 'service-record');
    const command = { serviceRecordId, input, persons };
    return this.records.handle(command, serviceRecordId, 'RecordService', message, 'stream');
  }
}
