import type { Random } from '@rapport/platform';
import type { GatewayRequest } from './gatewayRequest.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The request's correlation id: the sender's where X-Correlation-Id holds a UUID, else a fresh one. */
export function correlationOf(request: GatewayRequest, random: Random, now: number): string {
  if (request.correlationId === undefined) {
    const sent = request.headers['x-correlation-id'];
    request.correlationId =
      typeof sent === 'string' && UUID.test(sent.toLowerCase()) ? sent.toLowerCase() : random.uuidv7(now);
  }
  return request.correlationId;
}
