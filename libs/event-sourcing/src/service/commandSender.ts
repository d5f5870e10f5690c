import { COMMANDS, validateCommand, type Actor, type CommandAnswer, type Origin } from '@rapport/contracts';
import { commandSubject, type RequestClient } from '@rapport/messaging';
import type { CommandMessage } from '../commandHandling/commandMeta.ts';

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
