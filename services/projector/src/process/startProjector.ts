import type { CurrentEvent } from '@rapport/contracts';
import {
  ErasureFront,
  followErasures,
  joinLog,
  pulseOf,
  readyWhen,
  serveOnNats,
  type RunningService,
  type ServiceHost,
} from '@rapport/hosting';
import { systemClock, systemMonotonicClock, systemRandom, systemTimers } from '@rapport/platform';
import { readEvent, Revealer, SealedFieldCodec } from '@rapport/privacy';
import { SharedLog } from '@rapport/views';
import { CampaignStands } from '../campaigns/campaignStands.ts';
import { ProjectorModule } from '../projectorModule.ts';
import { Views } from '../queries/views.ts';
import { observeViews } from './observeViews.ts';
import { observeWaiting } from './observeWaiting.ts';
import { openViews } from './openViews.ts';

/** Round trips to ledger and database are what a page costs: fewer, larger ones. */
const REMOTE_PAGES = { batchSize: 5_000, window: 10_000 } as const;

/** The projector as a process. Of several replicas one keeps each view, all answer queries. */
export async function startProjector(host: ServiceHost<'projector'>): Promise<RunningService> {
  const { caches, configuration, alert, reach, followers } = host;
  const { tenant } = configuration;
  const joined = await joinLog(host);
  const { ledger, keys, head } = joined;
  const views = await reach('views', openViews(configuration.views, caches));
  const codec = new SealedFieldCodec(keys, systemRandom);
  const revealer = new Revealer(codec);
  // The ledger has carried out what lies before its head when it began; what comes is carried out here as well.
  const erasures = new ErasureFront(keys, head.position);
  const eraser = followErasures(ledger, erasures, { timers: systemTimers, alert, followers });
  eraser.startAfter(head);
  const served = await serveOnNats(
    host,
    ProjectorModule.with({
      log: new SharedLog(ledger.log, head.logId, systemTimers, { ...REMOTE_PAGES, caches }),
      views,
      readStream: async (stream, fromRevision, limit) =>
        (await ledger.log.readStream(stream, { fromRevision, limit })).events.map(readEvent),
      opener: { open: (event, paths) => codec.open(event, paths) as CurrentEvent },
      reveal: async (body, roles, classified) => {
        await erasures.passed((await ledger.head()).position);
        return revealer.reveal(body, roles, { tenant, classified });
      },
      cursorKey: await keys.secret('cursor', tenant),
      clock: systemClock,
      monotonic: systemMonotonicClock,
      timers: systemTimers,
      followers,
      random: systemRandom,
      caches,
      soleOwner: false,
      alert,
    }),
  );
  observeViews(() => served.get(Views).kept.status(), host);
  observeWaiting(served.get(Views), served.get(CampaignStands), host);
  const viewsPulse = pulseOf(host, 'views', () => views.versions('customers'));
  return {
    readiness: () => readyWhen({ nats: served.up, views: viewsPulse.up }, { keys: joined.keysPulse.up }),
    async close() {
      viewsPulse.stop();
      await served.close();
      await eraser.stop();
      await views.close();
      await joined.close();
    },
  };
}
