import { invalidInput } from '@rapport/platform';
import type { GatewayRequest } from './gatewayRequest.ts';

const KEY = /^[\x21-\x7e]{1,200}$/;

/** @throws Problem when it is sent and is not 1 to 200 printable ASCII characters */
export function idempotencyKeyOf(request: GatewayRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw invalidInput('Idempotency-Key', 'must be 1 to 200 printable ASCII characters without spaces');
  }
  return key;
}

/** @throws Problem where a key is sent: what it promises is not kept here, so it is not silently ignored */
export function refuseIdempotencyKey(request: GatewayRequest, instead: string): void {
  if (request.headers['idempotency-key'] !== undefined) {
    throw invalidInput('Idempotency-Key', `is not taken here: leave it out; ${instead}`);
  }
}

/**
 * The route that an Idempotency-Key counts within: the template with its ids filled in. The template alone would
 * make one command of the same key sent to two customers, whose purchases would then share an id.
 */
export function routeOf(template: string, ids: Readonly<Record<string, string>>): string {
  return template.includes(':')
    ? template.replace(/:(\w+)/g, (_all, name: string) => ids[name] ?? '')
    : template;
}
