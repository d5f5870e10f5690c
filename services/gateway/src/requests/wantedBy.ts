import type { Wanted } from '@rapport/platform';
import type { GatewayRequest } from './gatewayRequest.ts';

/** Whether the sender of a request is still there to be answered. */
export function wantedBy({ raw }: Pick<GatewayRequest, 'raw'>): Wanted {
  return () => !raw.socket.destroyed;
}
