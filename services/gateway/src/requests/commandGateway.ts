import { Inject, Injectable } from '@nestjs/common';
import {
  COMMANDS,
  commandIdOfRequest,
  type CommandAnswer,
  type CommandDefinition,
  type CommandName,
} from '@rapport/contracts';
import type { CommandMessage } from '@rapport/event-sourcing';
import { commandSubject } from '@rapport/messaging';
import {
  invalidInput,
  notFound,
  systemClock,
  systemRandom,
  type Clock,
  type Random,
} from '@rapport/platform';
import type { FastifyReply } from 'fastify';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gatewayOptions.ts';
import { correlationOf } from './correlation.ts';
import type { GatewayRequest } from './gatewayRequest.ts';
import { idempotencyKeyOf, routeOf } from './idempotencyKey.ts';
import { ifRevisionOf, refuseIfMatch } from './ifMatch.ts';
import { tracingOf } from './tracing.ts';
import { wantedBy } from './wantedBy.ts';

export interface SendOptions {
  /** Where what it creates can be read, the id appended: the Location. */
  readonly created?: string;
  /** It addresses a record with an ETag. */
  readonly ifMatch?: boolean;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NO_OPTIONS: SendOptions = {};

const subjects: ReadonlyMap<CommandName, string> = new Map(
  (Object.keys(COMMANDS) as CommandName[]).map((name) => [name, commandSubject(COMMANDS[name])]),
);

/** Turns a request into a command for the service that decides it, and its answer into headers. */
@Injectable()
export class CommandGateway {
  private readonly clock: Clock;
  private readonly random: Random;

  constructor(@Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions) {
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? systemRandom;
  }

  async send(
    command: CommandName,
    body: object,
    request: GatewayRequest,
    reply: FastifyReply,
    { created, ifMatch = false }: SendOptions = NO_OPTIONS,
  ): Promise<CommandAnswer> {
    const targets = targetsOf(COMMANDS[command], request);
    const ifRevision = ifMatch ? ifRevisionOf(request) : refuseIfMatch(request);
    const actor = request.actor!;
    const commandId = this.commandId(request, targets, actor.id);
    const correlationId = correlationOf(request, this.random, this.clock.now());
    const message: CommandMessage<object> = {
      payload: { ...body, ...targets },
      meta: {
        commandId,
        actor,
        actorAssertion: await this.options.assertActor(actor),
        correlationId,
        causationId: commandId,
        origin: 'live',
        ...(ifRevision !== undefined && { ifRevision }),
      },
    };
    const answer = await this.options.requests.request<CommandAnswer>(subjects.get(command)!, message, {
      ...tracingOf(request, correlationId),
      wanted: wantedBy(request),
    });
    reply.header('x-correlation-id', correlationId);
    if (ifMatch || created !== undefined) reply.header('etag', `"${answer.revision}"`);
    if (created !== undefined) reply.header('location', `${created}/${answer.id}`);
    return answer;
  }

  /** contract.md, «The command»: derived from the Idempotency-Key; without one, fresh. */
  private commandId(
    request: GatewayRequest,
    targets: Readonly<Record<string, string>>,
    actor: string,
  ): string {
    const key = idempotencyKeyOf(request);
    if (key === undefined) return this.random.uuidv7(this.clock.now());
    const route = routeOf(request.routeOptions.url ?? '', targets);
    return commandIdOfRequest(this.options.tenant, actor, request.method, route, key);
  }
}

const NO_TARGETS: Readonly<Record<string, string>> = {};

/** @throws Problem `not-found` for an id that cannot exist; `invalid-input` for a query string */
function targetsOf(definition: CommandDefinition, request: GatewayRequest): Readonly<Record<string, string>> {
  if (request.url.includes('?')) {
    for (const name of Object.keys(request.query as object))
      throw invalidInput(name, 'is not a known query parameter');
  }
  if (definition.targets.length === 0) return NO_TARGETS;
  return pathIds(request, definition.targets);
}

/** Ids from the path. @throws Problem `not-found` for one that cannot exist */
export function pathIds(request: GatewayRequest, names: readonly string[]): Readonly<Record<string, string>> {
  const sent = request.params as Readonly<Record<string, string>>;
  const ids: Record<string, string> = {};
  for (const name of names) {
    const id = sent[name]!;
    if (name.endsWith('Id') && !UUID.test(id)) throw notFound(name.slice(0, -2));
    ids[name] = id;
  }
  return ids;
}
