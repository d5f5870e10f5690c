import { NestFactory } from '@nestjs/core';
import { decodeEvent, type RecordedEvent } from '@rapport/contracts';
import { RemoteLedger, Upcasters } from '@rapport/event-sourcing';
import {
  ErasureFront,
  followErasures,
  headOfLog,
  openKeys,
  readyWhen,
  type RunningService,
  type ServiceHost,
} from '@rapport/hosting';
import { NatsStrategy } from '@rapport/messaging';
import { systemMonotonicClock, systemRandom, systemTimers } from '@rapport/platform';
import { Revealer, SealedFieldCodec } from '@rapport/privacy';
import { SharedLog } from '@rapport/views';
import { ProjectorModule } from '../projectorModule.ts';
import { openViews } from './openViews.ts';

/** Round trips to ledger and database are what a page costs: fewer, larger ones. */
const REMOTE_PAGES = { batchSize: 5_000, window: 10_000 } as const;

/** The projector as a process. Of several replicas one keeps each view, all answer queries. */
export async function startProjector(
  host: ServiceHost<'projector'>,
  upcasters = new Upcasters(),
): Promise<RunningService> {
  const { configuration, alert, link, nestLogger, requests, stopping } = host;
  const { tenant, shutdownGraceMs } = configuration;
  await link.connected();
  const ledger = new RemoteLedger(requests);
  const { logId, position: begun } = await headOfLog(ledger, stopping);
  // The ledger makes the keys before it answers.
  const keys = await openKeys(configuration, true);
  await keys.bindTo(logId);
  const views = await openViews(configuration.views);
  const codec = new SealedFieldCodec(keys, systemRandom);
  const revealer = new Revealer(codec);
  // The ledger has carried out what lies before its head when it began; what comes is carried out here as well.
  const erasures = new ErasureFront(keys, begun);
  const eraser = followErasures(ledger, erasures, { timers: systemTimers, alert });
  await eraser.start();
  const app = await NestFactory.createMicroservice(
    ProjectorModule.with({
      log: new SharedLog(ledger.log, logId, systemTimers, REMOTE_PAGES),
      views,
      upcasters,
      readStream: async (stream, fromRevision, limit) =>
        (await ledger.log.readStream(stream, { fromRevision, limit })).events.map(decodeEvent),
      opener: { open: (event, paths) => codec.open(event, paths) as RecordedEvent },
      reveal: async (body, roles, classified) => {
        await erasures.passed((await ledger.head()).position);
        return revealer.reveal(body, roles, { tenant, classified });
      },
      cursorKey: await keys.secret('cursor', tenant),
      monotonic: systemMonotonicClock,
      timers: systemTimers,
      random: systemRandom,
      soleOwner: false,
      alert,
    }),
    {
      strategy: new NatsStrategy(link, { graceMs: shutdownGraceMs }),
      logger: nestLogger,
      abortOnError: false,
    },
  );
  await app.listen();
  return {
    readiness: () => readyWhen({ nats: link.status === 'connected' }),
    async close() {
      await app.close();
      await eraser.stop();
      ledger.close();
      await views.close();
      await keys.close();
    },
  };
}
