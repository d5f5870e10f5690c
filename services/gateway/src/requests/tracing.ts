import type { RequestOptions } from '@rapport/messaging';
import type { GatewayRequest } from './gatewayRequest.ts';

/** W3C Trace Context, version 00: trace id and span id that are not all zero. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** What travels with a request to the services, beside it: its correlation id, and the sender's trace where there is one. */
export function tracingOf(
  request: Pick<GatewayRequest, 'headers'>,
  correlationId: string,
): RequestOptions & { readonly correlationId: string } {
  const { traceparent } = request.headers;
  return typeof traceparent === 'string' && TRACEPARENT.test(traceparent)
    ? { correlationId, traceparent }
    : { correlationId };
}
