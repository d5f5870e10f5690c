import type { Actor } from '@rapport/contracts';
import type { FastifyRequest } from 'fastify';

/** A request on its way through the gateway. */
export interface GatewayRequest extends FastifyRequest {
  /** Set by the permission guard. */
  actor?: Actor;
  /** Set when it is first asked for. */
  correlationId?: string;
}
