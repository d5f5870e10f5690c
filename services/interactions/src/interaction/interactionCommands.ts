import { Controller, Inject, Injectable } from '@nestjs/common';
import { derivedId, type CommandAnswer, type RecordInteraction } from '@rapport/contracts';
import {
  AggregateCommands,
  CustomerDirectory,
  PolicyBook,
  SERVICE_RUNTIME,
  type CommandMessage,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { ServesCommand } from '@rapport/messaging';
import { toMillis } from '@rapport/platform';
import { interactionDecider, type Interaction, type InteractionCommand } from './interactionDecider.ts';

@Injectable()
export class InteractionHandler extends AggregateCommands<Interaction, InteractionCommand> {
  constructor(@Inject(SERVICE_RUNTIME) runtime: ServiceRuntime) {
    const decider = interactionDecider;
    super(runtime, { via: 'interactions', category: 'interaction', decider });
  }
}

/** Commands on interactions; only translates. */
@Controller()
export class InteractionCommands {
  constructor(
    private readonly interactions: InteractionHandler,
    private readonly customers: CustomerDirectory,
    private readonly policies: PolicyBook,
  ) {}

  @ServesCommand('recordInteraction')
  async record(
    message: CommandMessage<RecordInteraction & { readonly customerId: string }>,
  ): Promise<CommandAnswer> {
    const { customerId, ...input } = message.payload;
    const persons = await this.customers.require(customerId, input.participants, 'participants');
    const interactionId = derivedId(message.meta.commandId, 'interaction');
    const policy = this.policies.at('recording', toMillis(input.endedAt));
    const command = { interactionId, customerId, input, policy, persons };
    return this.interactions.handle(command, interactionId, 'RecordInteraction', message, 'stream');
  }
}
