import type { ChangePolicy, CommandAnswer, PolicyName } from '@rapport/contracts';
import { notFound } from '@rapport/platform';
import type { CommandMessage } from '../commandHandling/commandMeta.ts';
import { AggregateCommands } from '../service/aggregateCommands.ts';
import type { ServiceRuntime } from '../service/serviceRuntime.ts';
import { policyDecider, type ChangePolicyCommand, type PolicyState } from './policyDecider.ts';

/** Changes of the policies that one service decides by. */
export class PolicyCommands {
  private readonly policies: AggregateCommands<PolicyState, ChangePolicyCommand>;

  /** @param owned the policies that this service may change; others belong to another service */
  constructor(
    runtime: ServiceRuntime,
    via: string,
    private readonly owned: readonly PolicyName[],
  ) {
    this.policies = new AggregateCommands(runtime, { via, category: 'policy', decider: policyDecider });
  }

  /** @throws Problem `not-found` for a policy of another service, `invalid-input` for a value that is not sound */
  async change(message: CommandMessage<ChangePolicy & { readonly policy: string }>): Promise<CommandAnswer> {
    const { policy } = message.payload;
    if (!this.owned.includes(policy as PolicyName)) throw notFound('policy', 'policy');
    return this.policies.handle(message.payload, policy, 'ChangePolicy', message);
  }
}
