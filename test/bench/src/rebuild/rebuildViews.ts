import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedEventStore } from '@rapport/event-store';
import { systemMonotonicClock, systemTimers } from '@rapport/platform';
import { PROJECTIONS } from '@rapport/service-projector';
import {
  EmbeddedViewStore,
  type FieldOpener,
  type Projection,
  projectionId,
  ProjectionRunner,
  SharedLog,
} from '@rapport/views';
import { compareViews } from './compareViews.ts';
import { findFile, folderOf, logIdOf } from './dataFolder.ts';
import { openSealing } from './fieldSealing.ts';
import type { RebuildResult } from './store.ts';

const REBUILT = ['tiers', 'satisfaction'];
const PATIENCE_MS = 1_800_000;

/**
 * Builds the tier and satisfaction views anew from event 0 of the store in `dir`, beside the live ones: unsealing,
 * durable documents and checkpoints included; then compares them with the live ones, outside of the time.
 */
export async function rebuildViews(dir: string): Promise<RebuildResult> {
  const projections = PROJECTIONS.filter(({ name }) => REBUILT.includes(name));
  if (projections.length !== REBUILT.length)
    throw new Error(`the projector no longer has ${REBUILT.join(' and ')}`);
  const file = join(dir, 'rebuilt.sqlite');
  for (const ending of ['', '-wal', '-shm']) rmSync(file + ending, { force: true });
  const store = await EmbeddedEventStore.open({ directory: folderOf(dir, 'events.sqlite') });
  const sealing = await openSealing(folderOf(dir, 'keys.sqlite'), true);
  const rebuilt = await EmbeddedViewStore.open(file);
  const live = await EmbeddedViewStore.open(findFile(dir, 'views.sqlite'));
  try {
    const { position, index } = await store.head();
    const log = new SharedLog(store, await logIdOf(store), systemTimers);
    const ms = await timeRebuild(projections, log, rebuilt, sealing.opener, position);
    const documents: Record<string, number> = {};
    const differences: Record<string, number> = {};
    const liveOnes = await Promise.all(projections.map((projection) => liveVersion(live, projection)));
    // The product may have been stopped before every live view was at the head.
    await timeRebuild(liveOnes, log, live, sealing.opener, position);
    for (const [i, projection] of projections.entries()) {
      const { name } = projection;
      const comparison = await compareViews(await live.open(liveOnes[i]!), await rebuilt.open(projection));
      documents[name] = comparison.documents;
      differences[name] = comparison.differing;
    }
    return { events: index + 1, ms, documents, differences };
  } finally {
    await Promise.all([rebuilt.close(), live.close()]);
    await sealing.close();
    await store.close();
  }
}

/** The projection under the version that answers queries: the projector counts rebuilds in it. */
async function liveVersion(store: EmbeddedViewStore, projection: Projection): Promise<Projection> {
  const { live } = await store.versions(projection.name);
  if (live === undefined) throw new Error(`no version of ${projection.name} is live`);
  return { ...projection, version: live };
}

/** @returns ms until these views are at `head` */
async function timeRebuild(
  projections: readonly Projection[],
  log: SharedLog,
  store: EmbeddedViewStore,
  opener: FieldOpener,
  head: number,
): Promise<number> {
  const start = systemMonotonicClock.now();
  const runner = new ProjectionRunner({
    projections,
    log,
    store,
    opener,
    owner: `bench-${process.pid}`,
    clock: systemMonotonicClock,
    timers: systemTimers,
  });
  runner.start();
  const ids = projections.map(projectionId);
  const reached = await Promise.all(ids.map((id) => runner.reached(id, head, PATIENCE_MS)));
  await runner.stop();
  const ms = systemMonotonicClock.now() - start;
  const states = await runner.status();
  if (!reached.every(Boolean) || states.some(({ lag, parked }) => lag > 0 || parked.length > 0)) {
    const told = states.map(
      ({ projection, lag, parked }) => `${projection} lags ${lag}, parked ${parked.length}`,
    );
    throw new Error(`the rebuild did not come to the head: ${told.join('; ')}`);
  }
  return ms;
}
