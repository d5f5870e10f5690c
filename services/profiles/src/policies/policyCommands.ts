import { Controller, Inject } from '@nestjs/common';
import type { ChangePolicy, CommandAnswer, JsonValue } from '@rapport/contracts';
import {
  commandAnswer,
  CommandHandler,
  commandHandling,
  policyDecider,
  policyStream,
  SERVICE_RUNTIME,
  type ChangePolicyCommand,
  type CommandMessage,
  type PolicyState,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { ServesCommand } from '@rapport/messaging';
import { notFound } from '@rapport/platform';
import { VIA } from '../profilesHandlers.ts';

/** New versions of the policies that this service decides by: tiering and RFM. */
@Controller()
export class PolicyCommands {
  private readonly handler: CommandHandler<PolicyState, ChangePolicyCommand>;

  constructor(@Inject(SERVICE_RUNTIME) private readonly runtime: ServiceRuntime) {
    this.handler = new CommandHandler(commandHandling(runtime, VIA), policyDecider, 10);
  }

  @ServesCommand('changeProfilesPolicy')
  async change({
    payload,
    meta,
  }: CommandMessage<ChangePolicy & { readonly policy: string }>): Promise<CommandAnswer> {
    const { policy } = payload;
    if (policy !== 'tiering' && policy !== 'rfm') throw notFound('policy of profiles');
    const outcome = await this.handler.handle(policyStream(policy), payload, meta, {
      request: { name: 'ChangeProfilesPolicy', payload: payload as unknown as JsonValue },
    });
    return commandAnswer(this.runtime.logId, policy, outcome);
  }
}
