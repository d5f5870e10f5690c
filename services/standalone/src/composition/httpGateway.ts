import { hkdfSync } from 'node:crypto';
import type { Server } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import { requestBacklog, startGateway } from '@rapport/service-gateway';
import { systemTimers, type Backlog } from '@rapport/platform';
import type { StandaloneMetrics } from './metrics.ts';
import { TENANT, type Standalone } from './standalone.ts';

/** How long closing waits for requests under way, in ms. */
const GRACE_MS = 3_000;

export interface GatewayOptions {
  readonly logger?: LoggerService;
  /** Served at /metrics. */
  readonly metrics?: StandaloneMetrics;
  /** Bounds the requests under way. */
  readonly backlog?: Backlog;
}

export interface HttpGateway {
  readonly url: string;
  /** From now on commands and queries are taken; until then they are answered with 503. */
  ready(): void;
  close(): Promise<void>;
}

/**
 * Serves HTTP on a loopback port. It listens at once, so that a taken port is told before anything is done, and
 * accepts work when the demo has been lived: until then the clock stands in the past.
 *
 * @throws the system's error when the port is taken
 */
export async function openGateway(
  standalone: Standalone,
  port: number,
  options: GatewayOptions = {},
): Promise<HttpGateway> {
  const { logger, metrics, backlog = requestBacklog() } = options;
  metrics?.observe(standalone, backlog);
  let accepting = false;
  const secret = await standalone.keys.secret('request-hmac', TENANT);
  const app = await startGateway({
    port,
    ...(logger && { logger }),
    ...(metrics && { metrics: metrics.registry, answered: metrics.answered }),
    backlog,
    requests: standalone.transport,
    assertActor: standalone.assertActor,
    tenant: TENANT,
    logId: standalone.runtime.logId,
    caches: standalone.runtime.caches,
    readiness: async () => ({ ready: accepting }),
    accepting: () => accepting,
    // One machine, its own user: nothing here that a limit would protect.
    rateLimit: false,
    demo: {
      key: new Uint8Array(hkdfSync('sha256', secret, '', 'rapport demo sign-in', 32)),
    },
  });
  return {
    url: (await app.getUrl()).replace('[::1]', '127.0.0.1'),
    ready: () => {
      accepting = true;
    },
    async close() {
      // A request that takes longer is cut off: whoever sent it is not answered, and sends it again.
      const giveUp = systemTimers.schedule(GRACE_MS, () =>
        (app.getHttpServer() as Server).closeAllConnections(),
      );
      try {
        await app.close();
      } finally {
        giveUp();
      }
    },
  };
}
