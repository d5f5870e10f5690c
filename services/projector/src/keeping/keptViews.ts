import { KeyedQueue } from '@rapport/event-sourcing';
import { notFound, Problem } from '@rapport/platform';
import {
  failureText,
  projectionId,
  ProjectionRunner,
  ViewRebuild,
  ViewStoreError,
  type ParkedKey,
  type Projection,
  type ProjectionStatus,
  type RunnerOptions,
  type UnparkResult,
  type ViewCollection,
  type ViewComparison,
} from '@rapport/views';
import { PROJECTIONS } from '../projections.ts';
import type { ProjectorRuntime } from '../projectorRuntime.ts';
import { areOfSameCode, firstVersion, isOfCode, nextVersion } from './viewVersion.ts';

/** A view as it is kept: the version that answers, and who keeps it up to date. */
interface Kept {
  readonly projection: Projection;
  readonly runner: ProjectionRunner;
  readonly collection: ViewCollection;
}

/** A version that is being built beside the live one. */
interface Candidate {
  readonly projection: Projection;
  readonly rebuild: ViewRebuild;
}

/** How long a switch waits for the candidate, and a start for a new version of the code, in ms. */
const CATCH_UP_MS = 30_000;

/**
 * Keeps every view up to date: one runner for the live versions, one for each version that is built beside its live
 * one. Which version answers is the store's word, so that a switch outlives a restart.
 */
export class KeptViews {
  private readonly live = new Map<string, Kept>();
  private readonly candidates = new Map<string, Candidate>();
  /** Starting, stopping, rebuilding and switching wait for each other: two at once would leave runners behind. */
  private readonly queue = new KeyedQueue();
  private stopped = false;

  constructor(private readonly runtime: ProjectorRuntime) {}

  start(): Promise<void> {
    return this.oneAtATime(() => this.startAll());
  }

  stop(): Promise<void> {
    return this.oneAtATime(() => {
      this.stopped = true;
      return this.stopAll();
    });
  }

  private async startAll(): Promise<void> {
    const versioned: Projection[] = [];
    for (const projection of PROJECTIONS) {
      const { live } = await this.runtime.views.versions(projection.name);
      const version = live !== undefined && isOfCode(live, projection) ? live : firstVersion(projection);
      versioned.push({ ...this.upcasting(projection), version });
    }
    for (const projection of versioned) if (this.runtime.soleOwner) await this.releaseFormerOwner(projection);
    const runner = new ProjectionRunner({ projections: versioned, ...this.runnerOptions() });
    for (const projection of versioned) {
      const collection = await this.runtime.views.open(projection);
      this.live.set(projection.name, { projection, runner, collection });
    }
    runner.start();
    for (const projection of versioned) await this.makeLive(projection, runner);
  }

  private async stopAll(): Promise<void> {
    const runners = new Set([...this.live.values()].map(({ runner }) => runner));
    await Promise.all([...runners].map((runner) => runner.stop()));
    await Promise.all([...this.candidates.values()].map(({ rebuild }) => rebuild.stop()));
    this.candidates.clear();
  }

  views(): readonly string[] {
    return [...this.live.keys()];
  }

  collection(view: string): ViewCollection {
    return this.kept(view).collection;
  }

  reached(view: string, position: number, timeoutMs: number): Promise<boolean> {
    const { runner, projection } = this.kept(view);
    return runner.reached(projectionId(projection), position, timeoutMs);
  }

  parkedKey(view: string, key: string): Promise<ParkedKey | undefined> {
    const { runner, projection } = this.kept(view);
    return runner.parkedKey(projectionId(projection), key);
  }

  unpark(view: string, key: string): Promise<UnparkResult | { readonly status: 'not-owner' }> {
    const { runner, projection } = this.kept(view);
    return runner.unpark(projectionId(projection), key);
  }

  /** Every version that is kept, the live ones first. */
  async status(): Promise<readonly (ProjectionStatus & { readonly live: boolean })[]> {
    const [first] = this.live.values();
    const live = await first!.runner.status();
    const beside = await Promise.all([...this.candidates.values()].map(({ rebuild }) => rebuild.status()));
    return [
      ...live.map((status) => ({ ...status, live: true })),
      ...beside.map((status) => ({ ...status, live: false })),
    ];
  }

  /** Begins to build the view anew, beside the live version; a version that stood beside it before is dropped. */
  rebuild(view: string): Promise<{ readonly version: number }> {
    return this.oneAtATime(() => this.rebuildOne(view));
  }

  private async rebuildOne(view: string): Promise<{ readonly version: number }> {
    const { projection } = this.kept(view);
    await this.candidates.get(view)?.rebuild.stop();
    this.candidates.delete(view);
    const { live, all } = await this.runtime.views.versions(view);
    for (const version of all) if (version !== live) await this.runtime.views.drop(view, version);
    const candidate = { ...projection, version: nextVersion(all) };
    const rebuild = new ViewRebuild(candidate, this.runnerOptions());
    this.candidates.set(view, { projection: candidate, rebuild });
    rebuild.start();
    return { version: candidate.version };
  }

  /** The live version and the one beside it, document by document. */
  async compare(view: string): Promise<ViewComparison> {
    const { projection } = this.kept(view);
    return this.candidate(view).rebuild.compare(projection);
  }

  /**
   * Makes the version beside the live one answer; the former one is kept up to date beside it, for switching back.
   *
   * @throws Problem where there is no such version, or it is behind or has parked keys
   */
  switchTo(view: string, version: number): Promise<void> {
    return this.oneAtATime(() => this.switchOne(view, version));
  }

  private async switchOne(view: string, version: number): Promise<void> {
    const { projection, rebuild } = this.candidate(view);
    if (projection.version !== version) {
      throw new Problem({
        kind: 'not-found',
        detail: `The version beside the live one is ${projection.version}, not ${version}.`,
        errors: [{ field: 'version', message: `must be ${projection.version}` }],
      });
    }
    if (!(await rebuild.caughtUp(CATCH_UP_MS))) {
      throw new Problem({
        kind: 'unavailable',
        detail: `Version ${version} is still being built. Try again.`,
        retryAfter: 5,
      });
    }
    await rebuild.switch();
    // What answers is kept by the main runner from now on, what was live by the one beside it.
    await this.stopAll();
    this.candidates.delete(view);
    await this.startAll();
    await this.keepBeside(view);
  }

  private async keepBeside(view: string): Promise<void> {
    const { projection } = this.kept(view);
    const { live, all } = await this.runtime.views.versions(view);
    const former = all.find((version) => version !== live && areOfSameCode(version, projection.version));
    if (former === undefined) return;
    const beside = { ...projection, version: former };
    const rebuild = new ViewRebuild(beside, this.runnerOptions());
    this.candidates.set(view, { projection: beside, rebuild });
    rebuild.start();
  }

  /** A version of newer code answers once it shows what the older one did. */
  private async makeLive(projection: Projection, runner: ProjectionRunner): Promise<void> {
    const { live } = await this.runtime.views.versions(projection.name);
    if (live === projection.version) return;
    if (live !== undefined) {
      const { position } = await this.runtime.log.head();
      if (!(await runner.reached(projectionId(projection), position, CATCH_UP_MS))) {
        this.runtime.alert('view is still being built by newer code', { view: projection.name });
      }
    }
    await this.runtime.views.switchTo(projection.name, projection.version);
  }

  /** A projection folds events of the versions that the code knows; another one parks its key, loudly. */
  private upcasting(projection: Projection): Projection {
    const { upcasters } = this.runtime;
    return { ...projection, fold: (body, event, key) => projection.fold(body, upcasters.upcast(event), key) };
  }

  private oneAtATime<T>(task: () => Promise<T>): Promise<T> {
    return this.queue.run('views', async () => {
      if (this.stopped) throw new Problem({ kind: 'unavailable', detail: 'The projector is stopping.' });
      return task();
    });
  }

  private kept(view: string): Kept {
    const kept = this.live.get(view);
    if (kept === undefined) throw notFound('view');
    return kept;
  }

  private candidate(view: string): Candidate {
    this.kept(view);
    const candidate = this.candidates.get(view);
    if (candidate === undefined) {
      throw new Problem({
        kind: 'not-found',
        detail: 'No version is kept beside the live one. Rebuild the view first.',
      });
    }
    return candidate;
  }

  private runnerOptions(): Omit<RunnerOptions, 'projections'> {
    const { alert, log, views: store, monotonic, timers, opener, random } = this.runtime;
    return {
      log,
      store,
      owner: random.uuidv7(Math.trunc(monotonic.now())),
      clock: monotonic,
      timers,
      opener,
      events: {
        parked: ({ projection, stream, index, reason }) =>
          alert('key parked', { projection, stream, index, reason }),
        fenced: (fenced) => alert('projection fenced', { reason: fenced.message }),
        failed: (projection, error) => alert('projection stopped', { projection, ...failureFacts(error) }),
        retrying: (projection, error) => {
          if (!(error instanceof ViewStoreError) || error.failure !== 'unexpected') return;
          alert('projection is tried again', { projection, ...failureFacts(error) });
        },
        keysUnavailable: (projection) => alert('projection waits for keys', { projection }),
      },
    };
  }

  private async releaseFormerOwner(projection: Projection): Promise<void> {
    const { control } = this.runtime.views;
    const former = await control.currentEpoch(projectionId(projection));
    if (former !== undefined && !former.released) {
      await control.release(projectionId(projection), former.epoch);
    }
  }
}

function failureFacts(error: unknown): Readonly<Record<string, string>> {
  return {
    error: failureText(error),
    // Names places and codes, never what is stored.
    ...(error instanceof ViewStoreError && { reason: error.message }),
  };
}
