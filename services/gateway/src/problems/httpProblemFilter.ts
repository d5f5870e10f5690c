import {
  Catch,
  HttpException,
  Inject,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { Problem, systemClock, systemRandom } from '@rapport/platform';
import type { FastifyReply } from 'fastify';
import { GATEWAY_OPTIONS, type GatewayOptions } from '../gatewayOptions.ts';
import { correlationOf } from '../requests/correlation.ts';
import type { GatewayRequest } from '../requests/gatewayRequest.ts';
import { problemDocument, type HttpProblem } from './problemDocument.ts';
import { RouteTable } from './routeTable.ts';

/** The one way in which anything that fails is answered: a problem document (RFC 9457). */
@Catch()
export class HttpProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('gateway');

  constructor(
    @Inject(GATEWAY_OPTIONS) private readonly options: GatewayOptions,
    private readonly routes: RouteTable,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(thrown, http.getRequest<GatewayRequest>(), http.getResponse<FastifyReply>());
  }

  answer(thrown: unknown, request: GatewayRequest, reply: FastifyReply): void {
    if (reply.sent) return;
    const { clock = systemClock, random = systemRandom } = this.options;
    const correlationId = correlationOf(request, random, clock.now());
    const problem = this.problemOf(thrown, request, reply);
    if (problem.status >= 500 && !(thrown instanceof Problem)) this.report(thrown, correlationId);
    if (problem.status === 401) reply.header('www-authenticate', challenge(request));
    if (problem.retryAfter !== undefined) reply.header('retry-after', String(Math.ceil(problem.retryAfter)));
    reply
      .code(problem.status)
      .header('x-correlation-id', correlationId)
      .header('content-type', 'application/problem+json')
      .send(JSON.stringify(problemDocument(problem, correlationId)));
  }

  private problemOf(thrown: unknown, request: GatewayRequest, reply: FastifyReply): HttpProblem {
    if (thrown instanceof Problem) return { ...thrown.details, status: thrown.status };
    if (thrown instanceof HttpException) {
      // Nothing of ours throws one: it is Nest's own, for a route that does not exist.
      return thrown.getStatus() === 404 ? this.unknownRoute(request, reply) : ofStatus(thrown.getStatus());
    }
    const { statusCode } = thrown as { statusCode?: unknown };
    return ofStatus(thrown instanceof Error && typeof statusCode === 'number' ? statusCode : 500);
  }

  private unknownRoute(request: GatewayRequest, reply: FastifyReply): HttpProblem {
    const allowed = this.routes.methodsOf(request.url);
    if (allowed.length === 0) {
      return { kind: 'not-found', status: 404, detail: 'There is nothing at this address. See /docs.' };
    }
    reply.header('allow', allowed.join(', '));
    return {
      kind: 'method-not-allowed',
      status: 405,
      detail: `This address takes ${allowed.join(', ')} only.`,
    };
  }

  private report(thrown: unknown, correlationId: string): void {
    // The stack only: a message may quote data.
    const stack =
      thrown instanceof Error ? (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
    this.logger.error({ error: thrown instanceof Error ? thrown.name : typeof thrown, correlationId, stack });
  }
}

/** RFC 6750, section 3. */
function challenge(request: GatewayRequest): string {
  const realm = 'Bearer realm="rapport"';
  return request.headers.authorization === undefined ? realm : `${realm}, error="invalid_token"`;
}

/** What Fastify and Nest refuse by themselves. */
function ofStatus(status: number): HttpProblem {
  switch (status) {
    case 413:
      return {
        kind: 'too-large',
        status,
        detail: 'The body is over the limit.',
        errors: [{ field: 'body', message: 'must be smaller' }],
      };
    case 414:
      return { kind: 'uri-too-long', status, detail: 'The address is too long.' };
    case 415:
      return {
        kind: 'unsupported-media-type',
        status,
        detail: 'Send the body as application/json, in UTF-8.',
        errors: [{ field: 'Content-Type', message: 'must be application/json' }],
      };
    case 503:
      return {
        kind: 'unavailable',
        status,
        detail: 'Rapport is stopping. Try again shortly.',
        retryAfter: 2,
      };
    default:
      return status >= 400 && status < 500
        ? { kind: 'bad-request', status: 400, detail: 'The request is malformed.' }
        : { kind: 'internal', status: 500, detail: 'Something went wrong on our side; it has been logged.' };
  }
}
