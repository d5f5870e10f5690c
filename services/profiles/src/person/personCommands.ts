import { Controller, Inject } from '@nestjs/common';
import type { CommandAnswer, JsonValue } from '@rapport/contracts';
import {
  commandAnswer,
  personStream,
  SERVICE_RUNTIME,
  type CommandMessage,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { ServesCommand } from '@rapport/messaging';
import { customerStream, ProfilesHandlers } from '../profilesHandlers.ts';

/** Erasure of persons; only translates. */
@Controller()
export class PersonCommands {
  constructor(
    @Inject(SERVICE_RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(ProfilesHandlers) private readonly handlers: ProfilesHandlers,
  ) {}

  @ServesCommand('erasePerson')
  async erase(
    message: CommandMessage<{ readonly customerId: string; readonly personId: string }>,
  ): Promise<CommandAnswer> {
    const { payload, meta } = message;
    const { customerId, personId } = payload;
    const stream = customerStream(customerId);
    const { customers, persons } = this.handlers;
    const first = { personId, customer: (await customers.peek(stream)).state };
    const outcome = await persons.handle(personStream(personId), first, meta, {
      request: { name: 'ErasePerson', payload: payload as JsonValue },
      renew: async () => ({ personId, customer: (await customers.load(stream)).state }),
    });
    return commandAnswer(this.runtime.logId, personId, outcome);
  }
}
