import { Controller, Inject } from '@nestjs/common';
import type { ChangePolicy, CommandAnswer } from '@rapport/contracts';
import {
  PolicyCommands as ChangesOfPolicies,
  SERVICE_RUNTIME,
  type CommandMessage,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { ServesCommand } from '@rapport/messaging';
import { VIA } from '../profilesHandlers.ts';

/** New versions of the policies that this service decides by: tiering and RFM. */
@Controller()
export class PolicyCommands {
  private readonly policies: ChangesOfPolicies;

  constructor(@Inject(SERVICE_RUNTIME) runtime: ServiceRuntime) {
    this.policies = new ChangesOfPolicies(runtime, VIA, ['tiering', 'rfm']);
  }

  @ServesCommand('changeProfilesPolicy')
  change(message: CommandMessage<ChangePolicy & { readonly policy: string }>): Promise<CommandAnswer> {
    return this.policies.change(message);
  }
}
