import { KeyedQueue } from '@rapport/event-sourcing';
import type { StoreHead } from '@rapport/event-store';
import { Problem } from '@rapport/platform';
import {
  projectionId,
  ProjectionRunner,
  ViewRebuild,
  ViewStoreError,
  type Projection,
  type ProjectionStatus,
  type RunnerOptions,
  type ViewCollection,
  type ViewVersions,
} from '@rapport/views';
import type { ProjectorRuntime } from '../projectorRuntime.ts';
import { SURE_MS } from './keepingTimes.ts';
import { projectionAlerts } from './projectionAlerts.ts';
import { releaseFormerOwner } from './releaseFormerOwner.ts';
import { answeringVersion, firstVersion, wantedVersions } from './viewVersion.ts';

/** A version that this replica answers from, keeps up to date, or stands by to. */
export interface KeptVersion {
  readonly projection: Projection;
  readonly runner: ProjectionRunner;
  /** Compares it and says whether it may answer. */
  readonly rebuild: ViewRebuild;
  readonly collection: ViewCollection;
}

interface Followed extends KeptVersion {
  /** When the store was last asked and wanted it. */
  wantedAt: number;
}

/** How often a query is asked again because its version went away under it. */
const ATTEMPTS = 3;

/** Where nobody else can claim, a lease that runs out only ends the work of a process that was slow or suspended. */
const SOLE_OWNER = { lease: 600_000, longestOperation: 600_000 } as const;

/** One view in this replica. Which of its versions answers and which is beside it, is the store's word. */
export class KeptView {
  private readonly versions = new Map<number, Followed>();
  private readonly leaving = new Set<Promise<void>>();
  private readonly turns = new KeyedQueue();
  private current: Followed | undefined;
  private stopped = false;

  /** @param code the projection as this release folds it */
  constructor(
    private readonly runtime: ProjectorRuntime,
    readonly code: Projection,
  ) {}

  get name(): string {
    return this.code.name;
  }

  /** The version that answers here. */
  get answering(): KeptVersion {
    if (this.current === undefined) throw new TypeError(`${this.name} was not followed before`);
    return this.current;
  }

  /** The answering one first. */
  get all(): readonly KeptVersion[] {
    return [this.answering, ...[...this.versions.values()].filter((version) => version !== this.current)];
  }

  version(stored: number | undefined): KeptVersion | undefined {
    return stored === undefined ? undefined : this.versions.get(stored);
  }

  /** Does as the store says now: takes versions up, lets go of others, answers from the live one. */
  follow(): Promise<ViewVersions> {
    return this.turns.run(this.name, () => this.look());
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.turns.run(this.name, async () => {
      for (const version of this.versions.keys()) this.letGo(version);
      await Promise.all(this.leaving);
    });
  }

  /**
   * What a version answers that was surely not dropped before it had answered.
   *
   * @throws ViewStoreError
   */
  async read<T>(ask: (collection: ViewCollection) => Promise<T>): Promise<T> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      if (this.current === undefined || !this.surelyKept(this.current)) await this.follow();
      const asked = this.current!;
      try {
        const answer = await ask(asked.collection);
        if (this.surelyKept(asked)) return answer;
      } catch (error) {
        if (this.surelyKept(asked)) throw error;
      }
    }
    throw new ViewStoreError('unavailable', `${this.name} is switched faster than it can be read`);
  }

  /** @param head of the log */
  async status(head: Promise<StoreHead>): Promise<readonly ProjectionStatus[]> {
    return (await Promise.all(this.all.map(({ runner }) => runner.status(head)))).flat();
  }

  private async look(): Promise<ViewVersions> {
    if (this.stopped) throw new Problem({ kind: 'unavailable', detail: 'The projector is stopping.' });
    const { monotonic, views } = this.runtime;
    const lookedAt = monotonic.now();
    const versions = await views.versions(this.name);
    const answers =
      answeringVersion(versions, this.code) ?? this.current?.projection.version ?? firstVersion(this.code);
    const wanted = new Set([answers, ...wantedVersions(versions, this.code)]);
    for (const version of wanted) {
      const followed = this.versions.get(version) ?? (await this.takeUp(version));
      followed.wantedAt = lookedAt;
    }
    this.current = this.versions.get(answers)!;
    for (const version of this.versions.keys()) if (!wanted.has(version)) this.letGo(version);
    return versions;
  }

  private async takeUp(version: number): Promise<Followed> {
    const { views, soleOwner } = this.runtime;
    const projection = { ...this.code, version };
    if (soleOwner) await releaseFormerOwner(views.control, projectionId(projection));
    const collection = await views.open(projection);
    const options = this.runnerOptions();
    const runner = new ProjectionRunner({ ...options, projections: [projection] });
    const rebuild = new ViewRebuild(projection, options, runner);
    const followed = { projection, runner, rebuild, collection, wantedAt: -Infinity };
    this.versions.set(version, followed);
    runner.start();
    return followed;
  }

  /** Not waited for: a store that hangs would keep the view from following. */
  private letGo(version: number): void {
    const stopping = this.versions.get(version)!.runner.stop();
    this.versions.delete(version);
    this.leaving.add(stopping);
    void stopping.finally(() => this.leaving.delete(stopping));
  }

  private surelyKept({ wantedAt }: Followed): boolean {
    return this.runtime.monotonic.now() - wantedAt < SURE_MS;
  }

  private runnerOptions(): Omit<RunnerOptions, 'projections'> {
    const {
      alert,
      caches,
      log,
      views: store,
      monotonic: clock,
      timers,
      followers,
      opener,
      random,
      soleOwner,
    } = this.runtime;
    const owner = random.uuidv7(Math.trunc(clock.now()));
    const options = { log, store, owner, clock, timers, followers, opener, caches };
    return { ...options, ...(soleOwner && { times: SOLE_OWNER }), events: projectionAlerts(alert) };
  }
}
