import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Followers } from '@rapport/platform';
import type { Registry } from 'prom-client';
import type { Readiness } from '../process/readiness.ts';

export interface HealthServerOptions {
  readonly address: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly readiness: () => Readiness;
  readonly metrics: Registry;
  readonly followers: Pick<Followers, 'status'>;
}

/** `/health/live`, `/health/ready`, `/health/followers` and `/metrics` of a process, apart from what else it serves. */
export class HealthServer {
  private constructor(private readonly server: Server) {}

  /** @throws the system's error when the port is taken */
  static async start({
    address,
    port,
    readiness,
    metrics,
    followers,
  }: HealthServerOptions): Promise<HealthServer> {
    const server = createServer((request, response) => {
      const answer = (status: number, type: string, body: string): void => {
        response.writeHead(status, {
          'content-type': type,
          ...(status === 503 && { 'retry-after': '2' }),
        });
        response.end(request.method === 'HEAD' ? '' : body);
      };
      const json = (status: number, body: object): void =>
        answer(status, 'application/json', JSON.stringify(body));
      switch (request.url) {
        case '/health/live':
          return json(200, { status: 'up' });
        case '/health/ready': {
          const { ready, parts = {} } = readiness();
          return json(ready ? 200 : 503, { status: ready ? 'up' : 'down', parts });
        }
        case '/health/followers':
          return json(200, { followers: followers.status() });
        case '/metrics':
          return void metrics.metrics().then(
            (text) => answer(200, metrics.contentType, text),
            () => json(500, { status: 'metrics cannot be collected' }),
          );
        default:
          return json(404, { status: 'not found' });
      }
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, address, resolve);
    });
    return new HealthServer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }
}
