import { testCaches } from '@rapport/platform/testing';
import type { CacheBudget } from '@rapport/platform';
import { MemoryViewStore } from '../memory/memoryViewStore.ts';
import { projectionId } from '../viewStore.ts';
import type { ViewStore } from '../viewStore.ts';
import type { Projection } from '../projection.ts';
import { ProjectionRunner } from '../runner/projectionRunner.ts';
import type { RunnerOptions } from '../runner/runnerOptions.ts';
import { ArrayLog } from './arrayLog.ts';
import { FaultyStore } from './faultyStore.ts';
import type { Interfere } from './faultyStore.ts';
import type { ExpectedView } from './independentFold.ts';
import { tierProjection } from './tierProjection.ts';
import { unwatched, VirtualTime } from '@rapport/platform/testing';

export const TIMES = { lease: 1_000, longestOperation: 500 };

/** A log, a store, virtual time, and runners on them. */
export class ViewBench {
  readonly time = new VirtualTime();
  /** What the runners told, as `owner: what`. */
  readonly told: string[] = [];
  private readonly runners: ProjectionRunner[] = [];

  constructor(
    readonly log: ArrayLog = new ArrayLog(),
    readonly store: ViewStore = new MemoryViewStore(),
    readonly projection: Projection = tierProjection,
  ) {}

  get id(): string {
    return projectionId(this.projection);
  }

  /** Starts a runner: a process of its own, with its own way to the store. */
  start(
    owner: string,
    interfere?: Interfere,
    options: Partial<Omit<RunnerOptions, 'caches'>> & { readonly caches?: CacheBudget } = {},
  ): ProjectionRunner {
    const tell = (what: string): void => void this.told.push(`${owner}: ${what}`);
    const runner = new ProjectionRunner({
      projections: [this.projection],
      log: this.log,
      store: interfere === undefined ? this.store : new FaultyStore(this.store, interfere),
      owner,
      clock: this.time,
      timers: this.time,
      followers: unwatched(),
      times: TIMES,
      caches: testCaches(),
      events: {
        acquired: (_, epoch) => tell(`acquired ${epoch}`),
        fenced: ({ at }) => tell(`fenced at ${at}`),
        parked: ({ key, index, reason }) => tell(`parked ${key} at ${index}: ${reason}`),
        unparked: (_, key) => tell(`unparked ${key}`),
        failed: (_, error) => tell(`failed: ${(error as Error).name}`),
        retrying: () => tell('retrying'),
        keysUnavailable: () => tell('keys unavailable'),
        startedAgain: () => tell('started again'),
      },
      ...options,
    });
    runner.start();
    this.runners.push(runner);
    return runner;
  }

  /** Lets time pass until the checkpoint is at the head of the log. */
  async caughtUp(): Promise<void> {
    await this.time.until(async () => {
      const head = await this.log.head();
      const checkpoint = await this.store.control.loadCheckpoint(this.id);
      return checkpoint?.logId === this.log.logId && checkpoint.position === head.position;
    });
  }

  /** Lets time pass until something has happened. */
  async during<T>(happening: Promise<T>): Promise<T> {
    let over = false;
    const end = (): void => void (over = true);
    happening.then(end, end);
    await this.time.until(() => over, 5);
    return happening;
  }

  async view(): Promise<ExpectedView> {
    const collection = await this.store.open(this.projection);
    const documents: Record<string, unknown> = {};
    for await (const { key, body } of collection.scan()) documents[key] = body;
    const parked = await this.store.control.parked(this.id, { limit: 1_000 });
    return { documents, parked: Object.fromEntries(parked.map(({ key, index }) => [key, index])) };
  }

  async stop(): Promise<void> {
    const stopping = Promise.all(this.runners.map((runner) => runner.stop()));
    await this.time.pass(20_000);
    await stopping;
  }
}
