import { Inject, Injectable } from '@nestjs/common';
import {
  COMMANDS,
  normaliseInstant,
  validateCommand,
  type Actor,
  type CommandAnswer,
  type ProblemDocument,
} from '@rapport/contracts';
import type { CommandMessage } from '@rapport/event-sourcing';
import { commandSubject, type RequestOptions } from '@rapport/messaging';
import { Problem, systemClock, systemRandom } from '@rapport/platform';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gatewayOptions.ts';
import { problemDocument } from '../problems/problemDocument.ts';
import type { ImportCommand } from '../routes/importCommands.ts';
import { correlationOf } from './correlation.ts';
import type { GatewayRequest } from './gatewayRequest.ts';
import { tracingOf } from './tracing.ts';
import { wantedBy } from './wantedBy.ts';

/** What became of one command of an import. */
export type ImportedItem = CommandAnswer | { readonly problem: ProblemDocument };

/** Carries out the commands of an import, with origin import; one that is refused does not stop the others. */
@Injectable()
export class ImportGateway {
  constructor(@Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions) {}

  /** One after the other: a later command may rest on an earlier one. */
  async run(commands: readonly ImportCommand[], request: GatewayRequest): Promise<readonly ImportedItem[]> {
    const { clock = systemClock, random = systemRandom } = this.options;
    const correlationId = correlationOf(request, random, clock.now());
    const options = { ...tracingOf(request, correlationId), wanted: wantedBy(request) };
    const items: ImportedItem[] = [];
    for (const command of commands) {
      try {
        items.push(await this.one(command, request.actor!, options));
      } catch (refused) {
        // Nothing further would be taken now: the sender repeats the whole, which changes nothing twice.
        if (!(refused instanceof Problem) || refused.kind === 'unavailable') throw refused;
        items.push({
          problem: problemDocument({ ...refused.details, status: refused.status }, correlationId),
        });
      }
    }
    return items;
  }

  private async one(
    { command, commandId, payload, occurredAt }: ImportCommand,
    actor: Actor,
    options: RequestOptions & { readonly correlationId: string },
  ): Promise<CommandAnswer> {
    const definition = COMMANDS[command];
    const message: CommandMessage<object> = {
      payload: await validateCommand(definition, payload),
      meta: {
        commandId,
        actor,
        actorAssertion: await this.options.assertActor(actor),
        correlationId: options.correlationId,
        causationId: commandId,
        origin: 'import',
        ...(occurredAt !== undefined && { occurredAt: normaliseInstant(occurredAt) }),
      },
    };
    return this.options.requests.request<CommandAnswer>(commandSubject(definition), message, options);
  }
}
