import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedEventStore } from '@rapport/event-store';
import { standaloneCaches, systemMonotonicClock, systemTimers } from '@rapport/platform';
import { unwatched } from '@rapport/platform/testing';
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
import type { ComparisonResult, RebuildResult } from './store.ts';

const REBUILT = ['tiers', 'satisfaction'];
const PATIENCE_MS = 1_800_000;

/**
 * Builds the tier and satisfaction views anew from event 0 of the store in `dir`, beside the live ones: unsealing,
 * durable documents and checkpoints included.
 */
export async function rebuildViews(dir: string): Promise<RebuildResult> {
  const file = rebuiltFile(dir);
  for (const ending of ['', '-wal', '-shm']) rmSync(file + ending, { force: true });
  const opened = await openStore(dir);
  const rebuilt = await EmbeddedViewStore.open(file);
  try {
    const { index } = await opened.store.head();
    const ms = await timeRebuild(rebuiltProjections(), opened, rebuilt);
    return { events: index + 1, ms };
  } finally {
    await rebuilt.close();
    await opened.close();
  }
}

/** Compares what `rebuildViews` built with the live views, document by document. */
export async function compareRebuilt(dir: string): Promise<ComparisonResult> {
  const opened = await openStore(dir);
  const rebuilt = await EmbeddedViewStore.open(rebuiltFile(dir));
  const live = await EmbeddedViewStore.open(findFile(dir, 'views.sqlite'));
  try {
    const projections = rebuiltProjections();
    const documents: Record<string, number> = {};
    const differences: Record<string, number> = {};
    const liveOnes = await Promise.all(projections.map((projection) => liveVersion(live, projection)));
    // The product may have been stopped before every live view was at the head.
    await timeRebuild(liveOnes, opened, live);
    for (const [i, projection] of projections.entries()) {
      const { name } = projection;
      const comparison = await compareViews(await live.open(liveOnes[i]!), await rebuilt.open(projection));
      documents[name] = comparison.documents;
      differences[name] = comparison.differing;
    }
    return { documents, differences };
  } finally {
    await Promise.all([rebuilt.close(), live.close()]);
    await opened.close();
  }
}

const rebuiltFile = (dir: string) => join(dir, 'rebuilt.sqlite');

function rebuiltProjections(): readonly Projection[] {
  const projections = PROJECTIONS.filter(({ name }) => REBUILT.includes(name));
  if (projections.length === REBUILT.length) return projections;
  throw new Error(`the projector no longer has ${REBUILT.join(' and ')}`);
}

interface OpenedStore {
  readonly store: EmbeddedEventStore;
  readonly opener: FieldOpener;
  close(): Promise<void>;
}

async function openStore(dir: string): Promise<OpenedStore> {
  const store = await EmbeddedEventStore.open({ directory: folderOf(dir, 'events.sqlite') });
  const sealing = await openSealing(folderOf(dir, 'keys.sqlite'), true);
  const close = async () => {
    await sealing.close();
    await store.close();
  };
  return { store, opener: sealing.opener, close };
}

/** The projection under the version that answers queries: the projector counts rebuilds in it. */
async function liveVersion(store: EmbeddedViewStore, projection: Projection): Promise<Projection> {
  const { live } = await store.versions(projection.name);
  if (live === undefined) throw new Error(`no version of ${projection.name} is live`);
  return { ...projection, version: live };
}

/** @returns ms until these views are at the store's head */
async function timeRebuild(
  projections: readonly Projection[],
  { store: events, opener }: OpenedStore,
  store: EmbeddedViewStore,
): Promise<number> {
  const { position: head } = await events.head();
  const caches = standaloneCaches();
  const log = new SharedLog(events, await logIdOf(events), systemTimers, { caches });
  const start = systemMonotonicClock.now();
  const runner = new ProjectionRunner({
    projections,
    log,
    store,
    opener,
    owner: `bench-${process.pid}`,
    clock: systemMonotonicClock,
    timers: systemTimers,
    caches,
    followers: unwatched(),
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
