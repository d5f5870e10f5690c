import { EmbeddedEventStore } from '@rapport/event-store';
import { standaloneCaches, systemMonotonicClock, systemTimers } from '@rapport/platform';
import { unwatched } from '@rapport/platform/testing';
import { PROJECTIONS } from '@rapport/service-projector';
import { MongoViewStore, projectionId, ProjectionRunner, SharedLog } from '@rapport/views';
import type { EventLog } from '@rapport/views';
import { folderOf, logIdOf } from '../rebuild/dataFolder.ts';
import { openSealing } from '../rebuild/fieldSealing.ts';

export interface ProjectedInto {
  readonly events: number;
  readonly documents: number;
  readonly ms: number;
}

export interface ProjectionSize {
  /** Names of the projector's views. */
  readonly views: readonly string[];
  /** Counted events from the beginning of the log. */
  readonly events: number;
  /** Most events that are folded and committed together. */
  readonly batch: number;
}

const PATIENCE_MS = 600_000;
let runs = 0;

/**
 * Projects the first events of the store in `dir` into a database of their own, which is dropped afterwards.
 *
 * @returns time until the views show the last of the events
 */
export async function projectInto(url: string, dir: string, size: ProjectionSize): Promise<ProjectedInto> {
  const database = `bench-${process.pid}-${++runs}`;
  const store = await EmbeddedEventStore.open({ directory: folderOf(dir, 'events.sqlite') });
  const sealing = await openSealing(folderOf(dir, 'keys.sqlite'), true);
  const views = await MongoViewStore.open({ url, database, timeout: 60_000 });
  try {
    const caches = standaloneCaches();
    const projections = PROJECTIONS.filter(({ name }) => size.views.includes(name));
    const shared = new SharedLog(store, await logIdOf(store), systemTimers, {
      caches,
      batchSize: size.batch,
    });
    const log = inBatches(shared, size);
    const runner = new ProjectionRunner({
      projections,
      log,
      store: views,
      opener: sealing.opener,
      owner: `bench-${process.pid}`,
      clock: systemMonotonicClock,
      timers: systemTimers,
      caches,
      followers: unwatched(),
    });
    const start = systemMonotonicClock.now();
    runner.start();
    const ids = projections.map(projectionId);
    const last = await positionOf(store, size.events);
    const reached = await Promise.all(ids.map((id) => runner.reached(id, last, PATIENCE_MS)));
    const ms = systemMonotonicClock.now() - start;
    const states = await runner.status();
    await runner.stop();
    const broken = states.find(({ failure, parked }) => failure !== undefined || parked.length > 0);
    if (!reached.every(Boolean) || broken !== undefined)
      throw new Error('a projection did not come to the end');
    let documents = 0;
    for (const projection of projections) documents += await (await views.open(projection)).count();
    return { events: size.events, documents, ms };
  } finally {
    await views.db.dropDatabase();
    await views.close();
    await sealing.close();
    await store.close();
  }
}

/** Pages of at most `batch` events, of whatever type, up to the `events`th. */
function inBatches(log: EventLog, { batch, events }: ProjectionSize): EventLog {
  return {
    logId: log.logId,
    head: () => log.head(),
    readCounted: (fromIndex, limit) => log.readCounted(fromIndex, limit),
    async *follow(after, signal) {
      for await (const page of log.follow(after, signal)) {
        const wanted = page.filter(({ index }) => index === null || index < events);
        for (let at = 0; at < wanted.length; at += batch) yield wanted.slice(at, at + batch);
      }
    },
  };
}

async function positionOf(store: EmbeddedEventStore, events: number): Promise<number> {
  const [last] = await store.readCounted(events - 1, 1);
  if (last !== undefined) return last.position;
  throw new Error(`the store has fewer than ${events} events`);
}
