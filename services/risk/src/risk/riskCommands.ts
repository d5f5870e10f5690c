import { Controller, Inject, Injectable } from '@nestjs/common';
import { derivedId, type AssessRisk, type CommandAnswer, type IdentifyRisk } from '@rapport/contracts';
import {
  AggregateCommands,
  CustomerDirectory,
  PolicyBook,
  SERVICE_RUNTIME,
  type CommandMessage,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { ServesCommand } from '@rapport/messaging';
import { riskDecider, type Risk, type RiskCommand } from './riskDecider.ts';

@Injectable()
export class RiskHandler extends AggregateCommands<Risk, RiskCommand> {
  constructor(@Inject(SERVICE_RUNTIME) runtime: ServiceRuntime) {
    super(runtime, { via: 'risk', category: 'risk', decider: riskDecider });
  }
}

/** Commands on risks; only translates. */
@Controller()
export class RiskCommands {
  constructor(
    @Inject(SERVICE_RUNTIME) private readonly runtime: ServiceRuntime,
    private readonly risks: RiskHandler,
    private readonly customers: CustomerDirectory,
    private readonly policies: PolicyBook,
  ) {}

  @ServesCommand('identifyRisk')
  async identify(message: CommandMessage<IdentifyRisk>): Promise<CommandAnswer> {
    const { payload: input, meta } = message;
    const persons = await this.customers.require(input.customerId);
    const riskId = derivedId(meta.commandId, 'risk');
    const command = { do: 'identify', riskId, input, persons } as const;
    return this.risks.handle(command, riskId, 'IdentifyRisk', message, 'stream');
  }

  @ServesCommand('assessRisk')
  async assess(message: CommandMessage<AssessRisk & { readonly riskId: string }>): Promise<CommandAnswer> {
    const { riskId, ...input } = message.payload;
    const policy = this.policies.at('risk-matrix', this.runtime.clock.now());
    const { customerId } = await this.risks.known(riskId);
    // Nothing is claimed of a risk that is not known here.
    const ofCompany = customerId !== '' && (await this.customers.isCompany(customerId));
    return this.risks.handle({ do: 'assess', input, policy, ofCompany }, riskId, 'AssessRisk', message);
  }
}
