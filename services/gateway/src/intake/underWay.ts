import { Backlog, overloaded } from '@rapport/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Requests under way in one gateway, and what their bodies may take up together. */
const LIMITS = { limit: 4_096, bytes: 64 * 1024 * 1024 } as const;

/** What bounds the requests under way. */
export function requestBacklog(limits = LIMITS): Backlog {
  return new Backlog('http', limits);
}

interface UnderWay {
  readonly bytes: number;
  closed: boolean;
  /** A handler has it: it holds the body until it has answered, whoever still listens. */
  handled: boolean;
}

/**
 * Refuses requests at the door where too many are under way, by their bodies' announced length, so before they are
 * read. What watches the process is always let in.
 */
export function boundRequests(server: FastifyInstance, backlog: Backlog, bodyLimit: number): void {
  const underWay = new WeakMap<FastifyRequest, UnderWay>();
  const ended = (request: FastifyRequest, how: 'closed' | 'answered'): void => {
    const entry = underWay.get(request);
    if (entry === undefined) return;
    if (how === 'closed') entry.closed = true;
    else entry.handled = false;
    if (!entry.closed || entry.handled) return;
    underWay.delete(request);
    backlog.leave(entry.bytes);
  };
  server.addHook('onRequest', (request, reply, done) => {
    if (isWatching(request)) return done();
    const bytes = announced(request, bodyLimit);
    if (!backlog.enter(bytes)) return done(overloaded('the gateway'));
    underWay.set(request, { bytes, closed: false, handled: false });
    reply.raw.once('close', () => ended(request, 'closed'));
    done();
  });
  server.addHook('preHandler', (request, _reply, done) => {
    const entry = underWay.get(request);
    if (entry !== undefined) entry.handled = true;
    done();
  });
  server.addHook('onSend', (request, _reply, payload, done) => {
    ended(request, 'answered');
    done(null, payload);
  });
}

function isWatching({ routeOptions: { url = '' } }: FastifyRequest): boolean {
  return url.startsWith('/health/') || url === '/metrics';
}

/** Bytes of the body: what is sent without a length may be as long as any. */
function announced({ headers }: FastifyRequest, bodyLimit: number): number {
  if (headers['transfer-encoding'] !== undefined) return bodyLimit;
  return Math.min(Number(headers['content-length'] ?? 0), bodyLimit);
}
