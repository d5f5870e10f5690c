import { COMMANDS, uuid5, type CommandAnswer, type Origin, type Role } from '@rapport/contracts';
import { validateCommand } from '@rapport/contracts';
import type { CommandMessage } from '@rapport/event-sourcing';
import { commandSubject, type RequestClient } from '@rapport/messaging';
import type { Actor } from '@rapport/contracts';

/** Namespace of the opaque ids of the actors that this process lets act; no secret. */
const ACTOR_NAMESPACE = '0b6f4f6c-5e1d-5b1a-8f0e-6a1b8d1d7c55';

/** The opaque id of the demo's one person in a role. */
export function demoActor(role: string): Actor {
  return { id: uuid5(ACTOR_NAMESPACE, `demo/${role}`), roles: [role as Role] };
}

export interface SentCommand {
  readonly command: keyof typeof COMMANDS;
  readonly commandId: string;
  readonly payload: object;
  readonly origin: Origin;
  readonly actor: Actor;
  /** When it happened, where that is not now. */
  readonly occurredAt?: string;
}

/** Sends commands as the gateway does: validated like a user's, then by message to the service. */
export class CommandSender {
  constructor(
    private readonly requests: RequestClient,
    private readonly assertActor: (actor: Actor) => Promise<string>,
  ) {}

  /** @throws Problem as the validation or the service says */
  async send({
    command,
    commandId,
    payload,
    origin,
    actor,
    occurredAt,
  }: SentCommand): Promise<CommandAnswer> {
    const definition = COMMANDS[command];
    const message: CommandMessage<object> = {
      payload: await validateCommand(definition, payload),
      meta: {
        commandId,
        actor,
        actorAssertion: await this.assertActor(actor),
        correlationId: commandId,
        causationId: commandId,
        origin,
        ...(occurredAt !== undefined && { occurredAt }),
      },
    };
    return this.requests.request<CommandAnswer>(commandSubject(definition), message);
  }
}
