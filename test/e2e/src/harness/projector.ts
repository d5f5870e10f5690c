import { systemMonotonicClock, systemRandom, systemTimers } from '@rapport/platform';
import { readEvent, Revealer } from '@rapport/privacy';
import { ProjectorModule } from '@rapport/service-projector';
import { MemoryViewStore, SharedLog, type ViewStore } from '@rapport/views';
import type { World } from './world.ts';

/**
 * The projector over a world's log.
 *
 * @param alert default: there must be none
 * @param views default: in memory
 */
export async function startProjector(
  world: World,
  {
    alert = fail,
    views = new MemoryViewStore(),
  }: { alert?: (alert: string) => void; views?: ViewStore } = {},
): Promise<void> {
  const revealer = new Revealer(world.sealer);
  const { tenant } = world;
  await world.start({
    with: () =>
      ProjectorModule.with({
        log: new SharedLog(world.store, world.logId, systemTimers, { caches: world.caches, batchSize: 50 }),
        views,
        readStream: async (stream, fromRevision, limit) =>
          (await world.store.readStream(stream, { fromRevision, limit })).events.map(readEvent),
        opener: { open: (stored, paths) => world.sealer.open(stored, paths) },
        reveal: (body, roles, classified) => revealer.reveal(body, roles, { tenant, classified }),
        cursorKey: new Uint8Array(32),
        clock: world.clock,
        monotonic: systemMonotonicClock,
        timers: systemTimers,
        followers: world.followers,
        random: systemRandom,
        caches: world.caches,
        soleOwner: true,
        alert,
      }),
  });
}

function fail(alert: string): never {
  throw new Error(alert);
}
