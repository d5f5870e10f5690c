import { Inject, Injectable } from '@nestjs/common';
import {
  parsePositionToken,
  type Consistency,
  type QueryAnswer,
  type QueryMessage,
  type QueryName,
} from '@rapport/contracts';
import { querySubject } from '@rapport/messaging';
import { invalidInput, systemClock, systemRandom } from '@rapport/platform';
import type { FastifyReply } from 'fastify';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gatewayOptions.ts';
import { correlationOf } from './correlation.ts';
import type { GatewayRequest } from './gatewayRequest.ts';
import { tracingOf } from './tracing.ts';
import { wantedBy } from './wantedBy.ts';

/** Turns a request into a query, and its answer into a body and headers. */
@Injectable()
export class QueryGateway {
  constructor(@Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions) {}

  /**
   * @param query or the name of what the imports answer
   * @param ids from the path
   * @param timeoutMs how long the answer may take; default 10 s
   */
  async ask(
    query: QueryName | 'imports.run',
    parameters: object,
    request: GatewayRequest,
    reply: FastifyReply,
    ids: Readonly<Record<string, string>> = {},
    timeoutMs?: number,
  ): Promise<object> {
    const { after: asked, ...rest } = parameters as Consistency;
    const after = this.position(asked, request);
    const message: QueryMessage = {
      parameters: { ...rest, ...ids },
      actor: request.actor!,
      ...(after !== undefined && { after }),
    };
    const { clock = systemClock, random = systemRandom } = this.options;
    const correlationId = correlationOf(request, random, clock.now());
    const { body, stale, revision, next } = await this.options.requests.request<QueryAnswer>(
      querySubject(query),
      message,
      {
        ...tracingOf(request, correlationId),
        wanted: wantedBy(request),
        ...(timeoutMs !== undefined && { timeoutMs }),
      },
    );
    reply.header('x-correlation-id', correlationId);
    if (stale) reply.header('rapport-stale', 'true');
    if (revision !== undefined) reply.header('etag', `"${revision}"`);
    return next === undefined ? body : { ...body, next };
  }

  /** The position to wait for: parameter `after`, or header Rapport-After. */
  private position(asked: string | undefined, request: GatewayRequest): string | undefined {
    const header = request.headers['rapport-after'];
    const after = asked ?? (typeof header === 'string' ? header : undefined);
    if (after === undefined) return undefined;
    const field = asked === undefined ? 'Rapport-After' : 'after';
    const position = parsePositionToken(after);
    if (position === undefined) throw invalidInput(field, 'must be the position of a command’s answer');
    if (position.logId !== this.options.logId) {
      throw invalidInput(
        field,
        'is a position in another log; leave it out, and take a new one from a new answer',
      );
    }
    return after;
  }
}
