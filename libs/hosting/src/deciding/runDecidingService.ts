import type { DynamicModule } from '@nestjs/common';
import {
  ProcessDeadlines,
  ProjectedDues,
  ProjectedParked,
  streamBacklog,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import {
  systemClock,
  systemMonotonicClock,
  systemRandom,
  systemTimers,
  type DECIDING_SERVICES,
} from '@rapport/platform';
import { externalStreamId, requestHmac, SealedFieldCodec } from '@rapport/privacy';
import { signingAssertions } from '../connections/actorAssertions.ts';
import { ErasureFront } from '../erasure/erasureFront.ts';
import { followErasures } from '../erasure/followErasures.ts';
import { joinLog } from '../connections/joinLog.ts';
import { readyWhen } from '../process/readiness.ts';
import { runService } from '../process/runService.ts';
import type { RunningService, ServiceHost } from '../process/serviceHost.ts';
import { serveOnNats } from '../serving/serveOnNats.ts';

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
  const { caches, configuration, requests, alert, followers } = host;
  const { tenant, assertionKey, writeFormats } = configuration;
  const log = await joinLog(host);
  const { ledger, keys } = log;
  const codec = new SealedFieldCodec(keys, systemRandom, writeFormats === 'current' ? 2 : 1);
  const hmacKey = await keys.secret('request-hmac', tenant);
  const idNamespace = await keys.secret('id-namespace', tenant);
  const assertions = await signingAssertions(assertionKey, caches);
  const runtime: ServiceRuntime = {
    tenant,
    logId: log.head.logId,
    ledger,
    sealer: codec,
    requests,
    clock: systemClock,
    timers: systemTimers,
    followers,
    backlog: streamBacklog(),
    writeFormats,
    requestHmac: (request) => requestHmac(hmacKey, tenant, request),
    secretId: (kind, name) => externalStreamId(idNamespace, kind, name),
    assertActor: (actor) => assertions.assert(actor),
    deadlines: new ProcessDeadlines({
      dues: new ProjectedDues(requests),
      parked: new ProjectedParked(requests),
      replica: systemRandom.uuidv7(Math.trunc(systemMonotonicClock.now())),
    }),
    caches,
    alert,
  };
  // The companions of a decision refuse whoever was erased; this keeps their keys out of this process's memory too.
  const erasures = new ErasureFront(keys, log.head.position);
  const eraser = followErasures(ledger, erasures, {
    timers: systemTimers,
    alert,
    followers,
    categories: ['person'],
  });
  eraser.startAfter(log.head);
  const served = await serveOnNats(host, moduleOf(runtime, { codec }), [runtime.backlog]);
  return {
    // Much is decided without keys, or with those at hand.
    readiness: () => readyWhen({ nats: served.up }, { keys: log.keysPulse.up }),
    async close() {
      await served.close();
      await eraser.stop();
      await log.close();
    },
  };
}
