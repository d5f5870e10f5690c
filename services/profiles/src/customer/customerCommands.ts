import { Controller, Inject } from '@nestjs/common';
import {
  derivedId,
  type AddContact,
  type CommandAnswer,
  type JsonValue,
  type RecordContactLeft,
  type RegisterCustomer,
  type RequestStrategicDesignation,
} from '@rapport/contracts';
import {
  commandAnswer,
  SERVICE_RUNTIME,
  type CommandMessage,
  type HandleOptions,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { ServesCommand } from '@rapport/messaging';
import { customerStream, ProfilesHandlers } from '../profilesHandlers.ts';
import { addedContactId } from './contacts.ts';
import type { CustomerCommand } from './customerDecider.ts';
import { registeredContactId } from './registration.ts';
import { requestedDesignationId } from './strategicDesignation.ts';

type OnCustomer<Body> = CommandMessage<Body & { readonly customerId: string }>;
type OnDesignation = OnCustomer<{ readonly designationId: string }>;

/** Commands on customers; only translates. */
@Controller()
export class CustomerCommands {
  constructor(
    @Inject(SERVICE_RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(ProfilesHandlers) private readonly handlers: ProfilesHandlers,
  ) {}

  @ServesCommand('registerCustomer')
  register(message: CommandMessage<RegisterCustomer>): Promise<CommandAnswer> {
    const { payload: input, meta } = message;
    const customerId = derivedId(meta.commandId, 'customer');
    const { creditCode } = input;
    const command: CustomerCommand = {
      do: 'register',
      customerId,
      input,
      // A keyed id: nobody who sees stream names can tell whose code it is.
      ...(creditCode !== undefined && {
        creditCodeStream: `creditCode-${this.runtime.secretId('credit-code', creditCode)}`,
      }),
    };
    const contactIds = (input.contacts ?? []).map((_, i) => registeredContactId(meta.commandId, i));
    return this.handle(command, customerId, 'RegisterCustomer', message, {
      id: customerId,
      creates: 'stream',
      ids: contactIds,
    });
  }

  @ServesCommand('addContact')
  addContact(message: OnCustomer<AddContact>): Promise<CommandAnswer> {
    const { customerId, ...input } = message.payload;
    const id = addedContactId(message.meta.commandId);
    return this.handle({ do: 'addContact', input }, customerId, 'AddContact', message, {
      id,
      ids: [id],
      creates: 'part',
    });
  }

  @ServesCommand('recordContactLeft')
  contactLeft(
    message: OnCustomer<RecordContactLeft & { readonly contactId: string }>,
  ): Promise<CommandAnswer> {
    const { customerId, contactId, ...input } = message.payload;
    const command: CustomerCommand = { do: 'recordContactLeft', contactId, input };
    return this.handle(command, customerId, 'RecordContactLeft', message, { id: contactId });
  }

  @ServesCommand('requestStrategicDesignation')
  requestDesignation(message: OnCustomer<RequestStrategicDesignation>): Promise<CommandAnswer> {
    const { customerId, ...input } = message.payload;
    const id = requestedDesignationId(message.meta.commandId);
    return this.handle(
      { do: 'requestDesignation', input },
      customerId,
      'RequestStrategicDesignation',
      message,
      { id, creates: 'part' },
    );
  }

  @ServesCommand('approveStrategicDesignation')
  approveDesignation(message: OnDesignation): Promise<CommandAnswer> {
    const { customerId, designationId: id } = message.payload;
    const command: CustomerCommand = { do: 'approveDesignation', designationId: id };
    return this.handle(command, customerId, 'ApproveStrategicDesignation', message, { id });
  }

  @ServesCommand('endStrategicDesignation')
  endDesignation(message: OnDesignation): Promise<CommandAnswer> {
    const { customerId, designationId: id } = message.payload;
    const command: CustomerCommand = { do: 'endDesignation', designationId: id };
    return this.handle(command, customerId, 'EndStrategicDesignation', message, { id });
  }

  private async handle(
    command: CustomerCommand,
    customerId: string,
    name: string,
    { payload, meta }: CommandMessage<object>,
    answer: { readonly id: string; readonly ids?: readonly string[] } & Pick<HandleOptions, 'creates'>,
  ): Promise<CommandAnswer> {
    const outcome = await this.handlers.customers.handle(customerStream(customerId), command, meta, {
      request: { name, payload: payload as JsonValue },
      ...(answer.creates !== undefined && { creates: answer.creates }),
    });
    return commandAnswer(this.runtime.logId, answer.id, outcome, answer.ids);
  }
}
