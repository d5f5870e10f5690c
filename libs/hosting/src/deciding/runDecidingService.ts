import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { RemoteLedger, type ServiceRuntime } from '@rapport/event-sourcing';
import { NatsStrategy } from '@rapport/messaging';
import { systemClock, systemRandom, systemTimers, type DECIDING_SERVICES } from '@rapport/platform';
import { externalStreamId, requestHmac, SealedFieldCodec } from '@rapport/privacy';
import { signingAssertions } from '../connections/actorAssertions.ts';
import { headOfLog } from '../connections/headOfLog.ts';
import { openKeys } from '../connections/openKeys.ts';
import { readyWhen } from '../process/readiness.ts';
import { runService } from '../process/runService.ts';
import type { RunningService, ServiceHost } from '../process/serviceHost.ts';

export type DecidingService = (typeof DECIDING_SERVICES)[number];

/** What a deciding service's module may need beside the runtime. */
export interface DecidingParts {
  readonly codec: SealedFieldCodec;
}

/** Runs one of the five services that decide, as a process of its own on NATS. */
export function runDecidingService(
  service: DecidingService,
  moduleOf: (runtime: ServiceRuntime, parts: DecidingParts) => DynamicModule,
): Promise<void> {
  return runService<DecidingService>(service, (host) => begin(host, moduleOf));
}

async function begin(
  host: ServiceHost<DecidingService>,
  moduleOf: (runtime: ServiceRuntime, parts: DecidingParts) => DynamicModule,
): Promise<RunningService> {
  const { configuration, link, requests, alert, nestLogger, stopping } = host;
  const { tenant, assertionKey, shutdownGraceMs } = configuration;
  await link.connected();
  const ledger = new RemoteLedger(requests);
  const { logId } = await headOfLog(ledger, stopping);
  // The ledger makes the keys before it answers.
  const keys = await openKeys(configuration, true);
  // Before anything is sealed with keys that may be another log's.
  await keys.bindTo(logId);
  const codec = new SealedFieldCodec(keys, systemRandom);
  const hmacKey = await keys.secret('request-hmac', tenant);
  const idNamespace = await keys.secret('id-namespace', tenant);
  const assertions = await signingAssertions(assertionKey);
  const runtime: ServiceRuntime = {
    tenant,
    logId,
    ledger,
    sealer: codec,
    requests,
    clock: systemClock,
    timers: systemTimers,
    requestHmac: (request) => requestHmac(hmacKey, tenant, request),
    secretId: (kind, name) => externalStreamId(idNamespace, kind, name),
    assertActor: (actor) => assertions.assert(actor),
    alert,
  };
  const app = await NestFactory.createMicroservice(moduleOf(runtime, { codec }), {
    strategy: new NatsStrategy(link, { graceMs: shutdownGraceMs }),
    logger: nestLogger,
    abortOnError: false,
  });
  await app.listen();
  return {
    readiness: () => readyWhen({ nats: link.status === 'connected' }),
    async close() {
      await app.close();
      ledger.close();
      await keys.close();
    },
  };
}
