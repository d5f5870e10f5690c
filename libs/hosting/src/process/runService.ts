import { NatsRequestClient } from '@rapport/messaging';
import {
  CacheBudget,
  Followers,
  readConfiguration,
  systemMonotonicClock,
  systemTimers,
  type Configuration,
  type ServiceName,
} from '@rapport/platform';
import { pino } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { linkTo } from '../connections/linkTo.ts';
import { HealthServer } from '../health/healthServer.ts';
import { nestLogger } from '../logging/nestLogger.ts';
import { alertCounter } from '../metrics/alertCounter.ts';
import { observeCaches } from '../metrics/observeCaches.ts';
import { observeFollowers } from '../metrics/observeFollowers.ts';
import { exitOf } from './exit.ts';
import { readyWhen } from './readiness.ts';
import type { RunningService, ServiceHost } from './serviceHost.ts';
import { StartingParts } from './startingParts.ts';
import { listening } from './unusableAddress.ts';

/** What every service reads, whichever it is. */
type Common = Configuration<ServiceName>;

/**
 * The life of a service's process: configuration, health at once, NATS, the service, and on SIGTERM or SIGINT the way
 * back. Not ready until the service is, and not any more from the moment it is asked to stop. Asked while it starts, it
 * ends at once: whatever it has begun survives kill -9.
 *
 * Exit codes after sysexits.h; a configuration that cannot be used is 78, told by name.
 */
export async function runService<Service extends ServiceName>(
  service: Service,
  begin: (host: ServiceHost<Service>) => Promise<RunningService>,
): Promise<void> {
  try {
    await live(service, begin);
  } catch (error) {
    const { code, line } = exitOf(error, 'RAPPORT_EVENT_STORE, RAPPORT_VIEWS or RAPPORT_KEYS');
    process.stderr.write(`rapport ${service}: ${line}\n`);
    process.exitCode = code;
    // Threads and sockets of what had begun must not keep a process that has failed.
    process.exit();
  }
}

async function live<Service extends ServiceName>(
  service: Service,
  begin: (host: ServiceHost<Service>) => Promise<RunningService>,
): Promise<void> {
  const configuration = readConfiguration(service, process.env);
  const common = configuration as unknown as Common;
  const log = pino(
    { level: common.logLevel, base: { service, tenant: common.tenant, pid: process.pid } },
    pino.destination(2),
  );
  const stopping = stopSignal();
  const metrics = new Registry();
  metrics.setDefaultLabels({ service, tenant: common.tenant });
  collectDefaultMetrics({ register: metrics });
  const count = alertCounter(metrics);
  const caches = new CacheBudget(service, common.cacheBytes);
  observeCaches(caches, metrics);
  const alert: ServiceHost<Service>['alert'] = (what, facts) => {
    // Everything stops at the same time: that others are away by now wakes nobody.
    if (stopping.aborted) return log.warn(facts, what);
    count(what);
    log.error(facts, what);
  };
  const followers = new Followers({
    clock: systemMonotonicClock,
    timers: systemTimers,
    alert,
    inform: (what, facts) => log.warn(facts, what),
  });
  observeFollowers(metrics, followers);

  let running: RunningService | undefined;
  const starting = new StartingParts();
  const link = linkTo({ configuration: common, log }, service, common.natsUser, common.natsPassword);
  const listen = HealthServer.start({
    address: common.listenAddress,
    port: common.healthPort,
    metrics,
    followers,
    readiness: () => {
      if (stopping.aborted) return readyWhen({ started: false });
      if (running !== undefined) return running.readiness();
      return readyWhen({ ...starting.parts, nats: link.status === 'connected', started: false });
    },
  });
  const health = await listening(listen, common.healthPort, 'RAPPORT_HEALTH_PORT');
  const giveUp = endAnyway(stopping, common.shutdownGraceMs, log);
  try {
    followers.start();
    const beginning = begin({
      configuration,
      log,
      nestLogger: nestLogger(log),
      alert,
      link,
      requests: new NatsRequestClient(link),
      metrics,
      caches,
      followers,
      reach: starting.reach,
      stopping,
    });
    await Promise.race([beginning, aborted(stopping)]);
    if (stopping.aborted) {
      log.info(starting.parts, 'stopped before it was ready');
      process.exit(0);
    }
    running = await beginning;
    log.info({ healthPort: health.port }, 'ready');
    await aborted(stopping);
    log.info('stopping');
  } finally {
    await followers.stop();
    await running?.close();
    await link.close();
    await health.close();
    giveUp();
  }
  log.info('stopped');
}

/** Aborts at the first SIGTERM or SIGINT; the second one ends the process at once, which the stores survive. */
function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(130);
      stopping.abort(new Error('the process is asked to stop'));
    });
  }
  return stopping.signal;
}

/** Ends the process when stopping takes longer than its grace: what is answered is durable, the rest is repeated. */
function endAnyway(stopping: AbortSignal, graceMs: number, log: ServiceHost<ServiceName>['log']): () => void {
  let cancel = (): void => undefined;
  stopping.addEventListener('abort', () => {
    cancel = systemTimers.schedule(graceMs, () => {
      log.fatal({ graceMs }, 'did not stop in its grace period');
      process.exit(1);
    });
  });
  return () => cancel();
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
