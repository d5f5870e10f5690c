import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { systemTimers } from '@rapport/platform';
import type { FastifyInstance } from 'fastify';

/** What was sent just before the server closed is given as long to be read and answered, in milliseconds. */
const STILL_COMING_MS = 500;

/**
 * Ends, soon after the server began to close, every connection without a request under way. Node ends those whose last
 * request was answered; one on which none ever came, or came whole, counts as busy to it, and once the server closes
 * nothing times it out any more. Browsers and load balancers keep such ones ready.
 */
export function endSpareConnections(server: FastifyInstance): void {
  const underWay = new Map<Socket, number>();
  server.server.on('connection', (socket: Socket) => {
    underWay.set(socket, 0);
    socket.once('close', () => underWay.delete(socket));
  });
  server.server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const change = (by: number): void => {
      const requests = underWay.get(socket);
      if (requests !== undefined) underWay.set(socket, requests + by);
    };
    change(1);
    response.once('close', () => change(-1));
  });
  let cancel = (): void => undefined;
  server.addHook('preClose', (done) => {
    cancel = systemTimers.schedule(STILL_COMING_MS, () => {
      for (const [socket, requests] of underWay) if (requests === 0) socket.destroy();
    });
    done();
  });
  server.addHook('onClose', (_server, done) => {
    cancel();
    done();
  });
}
