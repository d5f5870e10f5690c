import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import rateLimit from '@fastify/rate-limit';
import { Problem, type Backlog } from '@rapport/platform';
import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { isLoopback } from './authentication/loopback.ts';
import { serveDocumentation } from './documentation/openApi.ts';
import { GatewayModule } from './gatewayModule.ts';
import type { GatewayOptions } from './gatewayOptions.ts';
import { parseJsonBody } from './intake/jsonBody.ts';
import { assertAddress } from './intake/address.ts';
import { lastAnswers } from './intake/lastAnswers.ts';
import { serveMetrics } from './intake/serveMetrics.ts';
import { boundRequests, requestBacklog } from './intake/underWay.ts';
import { securityHeaders } from './intake/securityHeaders.ts';
import { endSpareConnections } from './intake/spareConnections.ts';
import { refuseAddress } from './problems/refuseAddress.ts';
import { refuseMalformed } from './problems/refuseMalformed.ts';
import { RouteTable } from './problems/routeTable.ts';

export interface GatewayServerOptions extends GatewayOptions {
  /** 0 for any free one. */
  readonly port: number;
  /** Default 127.0.0.1. The demo sign-in works on loopback addresses only. */
  readonly host?: string;
  /** Largest body in bytes; default 256 kB. */
  readonly bodyLimit?: number;
  /** Requests from one address in a window; default 6,000 a minute. */
  readonly rateLimit?: { readonly max: number; readonly windowMs: number } | false;
  /** Bounds the requests under way; default requestBacklog(). */
  readonly backlog?: Backlog;
  /** Served at /metrics, where this process has no other port for them. */
  readonly metrics?: Registry;
  /** Proxies in front, each adding to X-Forwarded-For whom it was reached by; default 0: it is not believed. */
  readonly proxies?: number;
  readonly logger?: LoggerService | false;
  /** Told of each request when its answer is sent. */
  readonly answered?: (request: AnsweredRequest) => void;
}

/** A request without anything that says whose it was. */
export interface AnsweredRequest {
  /** Template: `/api/customers/:customerId`; `none` where there is no such route. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
}

export const DEFAULT_BODY_LIMIT = 256 * 1024;
export const DEFAULT_RATE_LIMIT = { max: 6_000, windowMs: 60_000 } as const;

/**
 * Starts the gateway on a port and resolves when it listens. Closing the application ends idle connections at once
 * and waits for the requests in it.
 *
 * @throws the system's error when the port is taken (`EADDRINUSE`); TypeError for a demo sign-in beyond loopback
 */
export async function startGateway(options: GatewayServerOptions): Promise<NestFastifyApplication> {
  const { host = '127.0.0.1', port, logger } = options;
  if (options.demo !== undefined && options.demo.anywhere !== true && !isLoopback(host)) {
    throw new TypeError('the demo sign-in is for loopback addresses only');
  }
  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.with(options),
    adapter(options),
    {
      bodyParser: false,
      abortOnError: false,
      logger: logger ?? ['error', 'warn'],
    },
  );
  try {
    await furnish(app, options);
    await app.listen(port, host);
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}

function adapter({ bodyLimit = DEFAULT_BODY_LIMIT, proxies = 0 }: GatewayServerOptions): FastifyAdapter {
  return new FastifyAdapter({
    logger: false,
    bodyLimit,
    // The last addresses only: the first one, which `true` would believe, any client can write. What keeps clients from
    // reaching the gateway past the proxies is the network policy.
    trustProxy: proxies > 0 && ((_address: string, hop: number) => hop < proxies),
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    // Answered by lastAnswers, as a problem document.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 100 },
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseMalformed,
  });
}

async function furnish(app: NestFastifyApplication, options: GatewayServerOptions): Promise<void> {
  const server = app.getHttpAdapter().getInstance();
  const routes = app.get(RouteTable);
  server.decorateRequest('actor', undefined);
  server.decorateRequest('correlationId', undefined);
  server.addHook('onRoute', ({ url, method }) => routes.add(url, method));
  server.addHook('onRequest', securityHeaders);
  const { answered } = options;
  if (answered !== undefined) {
    server.addHook('onResponse', async ({ routeOptions, method }, { statusCode, elapsedTime }) =>
      answered({
        route: routeOptions.url ?? 'none',
        method,
        status: statusCode,
        seconds: elapsedTime / 1_000,
      }),
    );
  }
  lastAnswers(server);
  endSpareConnections(server);
  const bounded = server as unknown as FastifyInstance;
  boundRequests(bounded, options.backlog ?? requestBacklog(), options.bodyLimit ?? DEFAULT_BODY_LIMIT);
  if (options.metrics !== undefined) serveMetrics(bounded, options.metrics);
  server.addHook('onRequest', assertAddress);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      assertCharset(request.headers['content-type']);
      done(null, parseJsonBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  const limit = options.rateLimit ?? DEFAULT_RATE_LIMIT;
  if (limit !== false) {
    await app.register(rateLimit, {
      max: limit.max,
      timeWindow: limit.windowMs,
      errorResponseBuilder: (_request, { ttl }) =>
        new Problem({
          kind: 'too-many-requests',
          detail: 'Too many requests from this address.',
          retryAfter: Math.max(1, ttl / 1000),
        }),
    });
  }
  serveDocumentation(app);
}

/** RFC 8259: JSON is UTF-8; another charset is another format. */
function assertCharset(contentType = ''): void {
  const charset = /;\s*charset="?([^;"\s]*)/i.exec(contentType)?.[1];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return;
  throw new Problem({
    kind: 'unsupported-media-type',
    detail: 'Send the body as application/json, in UTF-8.',
    errors: [{ field: 'Content-Type', message: 'must be application/json; charset=utf-8' }],
  });
}
