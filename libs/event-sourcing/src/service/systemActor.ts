import type { Origin } from '@rapport/contracts';
import type { CommandMeta } from '../commandHandling/commandMeta.ts';
import type { ServiceRuntime } from './serviceRuntime.ts';
import { SYSTEM_ROLE } from './systemRole.ts';

export { SYSTEM_ROLE } from './systemRole.ts';

/** Meta of a command that a service gives itself, with an id derived from its cause. */
export async function systemMeta(
  runtime: Pick<ServiceRuntime, 'assertActor'>,
  who: string,
  command: {
    readonly commandId: string;
    readonly correlationId: string;
    readonly causationId: string;
    readonly origin?: Origin;
  },
): Promise<CommandMeta> {
  const actor = { id: who, roles: [SYSTEM_ROLE] };
  return {
    commandId: command.commandId,
    correlationId: command.correlationId,
    causationId: command.causationId,
    origin: command.origin ?? 'live',
    actor,
    actorAssertion: await runtime.assertActor(actor),
  };
}
