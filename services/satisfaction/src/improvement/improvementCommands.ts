import { Controller, Inject, Injectable } from '@nestjs/common';
import {
  derivedId,
  type CommandAnswer,
  type PlanImprovement,
  type ReceiveFeedback,
} from '@rapport/contracts';
import {
  AggregateCommands,
  CustomerDirectory,
  SERVICE_RUNTIME,
  type CommandMessage,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { ServesCommand } from '@rapport/messaging';
import { improvementDecider, type Improvement, type ImprovementCommand } from './improvementDecider.ts';

@Injectable()
export class ImprovementHandler extends AggregateCommands<Improvement, ImprovementCommand> {
  constructor(@Inject(SERVICE_RUNTIME) runtime: ServiceRuntime) {
    const decider = improvementDecider;
    super(runtime, { via: 'satisfaction', category: 'improvement', decider });
  }
}

/** Commands on improvements; only translates. */
@Controller()
export class ImprovementCommands {
  constructor(
    private readonly improvements: ImprovementHandler,
    private readonly customers: CustomerDirectory,
  ) {}

  @ServesCommand('receiveFeedback')
  async receive(message: CommandMessage<ReceiveFeedback>): Promise<CommandAnswer> {
    const { payload: input, meta } = message;
    const persons = await this.customers.require(input.customerId);
    const improvementId = derivedId(meta.commandId, 'improvement');
    const command = { do: 'receive-feedback', improvementId, input, persons } as const;
    return this.improvements.handle(command, improvementId, 'ReceiveFeedback', message, 'stream');
  }

  @ServesCommand('planImprovement')
  plan(message: CommandMessage<PlanImprovement>): Promise<CommandAnswer> {
    const { payload: input, meta } = message;
    const improvementId = derivedId(meta.commandId, 'improvement');
    return this.improvements.handle(
      { do: 'plan', improvementId, input },
      improvementId,
      'PlanImprovement',
      message,
      'stream',
    );
  }
}
