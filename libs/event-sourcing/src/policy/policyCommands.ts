import { Controller, Inject, type Type } from '@nestjs/common';
import {
  COMMANDS,
  POLICY_COMMANDS,
  type ChangePolicy,
  type CommandAnswer,
  type PolicyCommandName,
  type PolicyName,
} from '@rapport/contracts';
import { ServesCommand } from '@rapport/messaging';
import { notFound } from '@rapport/platform';
import type { CommandMessage } from '../commandHandling/commandMeta.ts';
import { AggregateCommands } from '../service/aggregateCommands.ts';
import { SERVICE_RUNTIME, type ServiceRuntime } from '../service/serviceRuntime.ts';
import { policyDecider, type ChangePolicyCommand, type PolicyState } from './policyDecider.ts';

/** The controller of a service that takes new versions of the policies it decides by (`POLICY_COMMANDS`). */
export function policyCommands(command: PolicyCommandName): Type {
  const via = COMMANDS[command].context;

  @Controller()
  class PolicyCommands {
    private readonly policies: AggregateCommands<PolicyState, ChangePolicyCommand>;

    constructor(@Inject(SERVICE_RUNTIME) runtime: ServiceRuntime) {
      this.policies = new AggregateCommands(runtime, { via, category: 'policy', decider: policyDecider });
    }

    /** @throws Problem `not-found` for a policy of another service, `invalid-input` for a value that is not sound */
    @ServesCommand(command)
    async change(
      message: CommandMessage<ChangePolicy & { readonly policy: string }>,
    ): Promise<CommandAnswer> {
      const { policy } = message.payload;
      if (POLICY_COMMANDS[policy as PolicyName] !== command) throw notFound('policy', 'policy');
      return this.policies.handle(message.payload, policy, 'ChangePolicy', message);
    }
  }
  return PolicyCommands;
}
