import { Controller, Inject } from '@nestjs/common';
import type { ChangePolicy, CommandAnswer } from '@rapport/contracts';
import {
  PolicyCommands,
  SERVICE_RUNTIME,
  type CommandMessage,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { ServesCommand } from '@rapport/messaging';

/** Changes of the policy that interactions are judged by. */
@Controller()
export class RecordingPolicyCommands {
  private readonly policies: PolicyCommands;

  constructor(@Inject(SERVICE_RUNTIME) runtime: ServiceRuntime) {
    this.policies = new PolicyCommands(runtime, 'interactions', ['recording']);
  }

  @ServesCommand('changeInteractionsPolicy')
  change(message: CommandMessage<ChangePolicy & { readonly policy: string }>): Promise<CommandAnswer> {
    return this.policies.change(message);
  }
}
