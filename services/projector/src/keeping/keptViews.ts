import { KeyedQueue } from '@rapport/event-sourcing';
import { notFound, Problem, Rounds } from '@rapport/platform';
import {
  projectionId,
  type Lease,
  type ParkedKey,
  type ParkedPage,
  type Projection,
  type ProjectionStatus,
  type UnparkResult,
  type ViewComparison,
} from '@rapport/views';
import { PROJECTIONS } from '../projections.ts';
import type { ProjectorRuntime } from '../projectorRuntime.ts';
import { exclusively } from './exclusively.ts';
import { LONGEST_PAUSE_MS, LOOK_MS } from './keepingTimes.ts';
import { KeptView, type KeptVersion } from './keptView.ts';
import { LeftOvers } from './leftOvers.ts';
import { failureFacts } from './projectionAlerts.ts';
import { readableView, type ReadableView } from './readableView.ts';
import { isOfCode, leftOverVersions, nextVersion } from './viewVersion.ts';

/** How long a switch waits for the candidate, and a start for a new version of the code, in ms. */
const CATCH_UP_MS = 30_000;

/** Whether a projection goes on. */
interface Standing {
  readonly sinceProgressSeconds: number;
  readonly oldestWaitingSeconds: number;
  readonly standsStill: boolean;
}

/** A version that is kept, as an operator sees it. */
export type KeptStatus = ProjectionStatus & Standing & { readonly live: boolean };

/**
 * Keeps every view up to date, the live version and the one beside it. Any number of replicas does, and each follows what
 * the store says of versions: so any of them can show, compare and switch what another began to build.
 */
export class KeptViews {
  private readonly kept: ReadonlyMap<string, KeptView>;
  private readonly leftOvers: LeftOvers;
  private readonly stopping = new AbortController();
  /** Within this process; between replicas, the lease. */
  private readonly changes = new KeyedQueue();
  private readonly rounds = new Rounds();
  private readonly forget: () => void;
  private following: Promise<void> | undefined;

  constructor(
    private readonly runtime: ProjectorRuntime,
    projections: readonly Projection[] = PROJECTIONS,
  ) {
    const { monotonic, random, views } = runtime;
    this.kept = new Map(projections.map((code) => [code.name, new KeptView(runtime, code)]));
    const { progress } = this.rounds;
    this.forget = runtime.followers.register({ kind: 'sweeper', name: 'view-versions', progress });
    this.leftOvers = new LeftOvers(views, monotonic, random.uuidv7(Math.trunc(monotonic.now())));
  }

  async start(): Promise<void> {
    for (const view of this.kept.values()) await view.follow();
    this.following = this.keepFollowing(this.stopping.signal);
    for (const view of this.kept.values()) await this.makeLive(view);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.following;
    this.forget();
    await Promise.all([...this.kept.values()].map((view) => view.stop()));
  }

  views(): readonly string[] {
    return [...this.kept.keys()];
  }

  collection(view: string): ReadableView {
    return readableView(this.view(view), this.runtime.views.control);
  }

  /** Which versions answer: another text after any of these views was switched. */
  answering(views: readonly string[]): string {
    return views.map((view) => projectionId(this.view(view).answering.projection)).join();
  }

  reached(view: string, position: number, timeoutMs: number): Promise<boolean> {
    const { runner, projection } = this.view(view).answering;
    return runner.reached(projectionId(projection), position, timeoutMs);
  }

  parkedKey(view: string, key: string): Promise<ParkedKey | undefined> {
    const { runner, projection } = this.view(view).answering;
    return runner.parkedKey(projectionId(projection), key);
  }

  /** What the answering version has parked, page by page. */
  parked(view: string, page: ParkedPage): Promise<readonly ParkedKey[]> {
    const { projection } = this.view(view).answering;
    return this.runtime.views.control.parked(projectionId(projection), page);
  }

  unpark(view: string, key: string): Promise<UnparkResult | { readonly status: 'not-owner' }> {
    const { runner, projection } = this.view(view).answering;
    return runner.unpark(projectionId(projection), key);
  }

  /** Every version that is kept, the live ones first. */
  async status(): Promise<readonly KeptStatus[]> {
    const views = [...this.kept.values()];
    await Promise.all(views.map((view) => view.follow()));
    const head = this.runtime.log.head();
    const found = await Promise.all(views.map((view) => view.status(head)));
    const standing = (status: ProjectionStatus) => ({ ...status, ...this.standingOf(status.projection) });
    return [
      ...found.flatMap((versions) =>
        versions.slice(0, 1).map((status) => ({ ...standing(status), live: true })),
      ),
      ...found.flatMap((versions) =>
        versions.slice(1).map((status) => ({ ...standing(status), live: false })),
      ),
    ];
  }

  /** As this replica sees it. */
  private standingOf(projection: string): Standing {
    const status = this.runtime.followers.statusOf('projection', projection);
    return {
      sinceProgressSeconds: Math.round((status?.sinceProgressMs ?? 0) / 1_000),
      oldestWaitingSeconds: Math.round((status?.oldestWaitingMs ?? 0) / 1_000),
      standsStill: status?.standsStill ?? false,
    };
  }

  /** Begins to build the view anew, beside the live version; a version that stood beside it before is left over. */
  async rebuild(name: string): Promise<{ readonly version: number }> {
    const view = this.view(name);
    const version = await this.change(view, async (lease) => {
      const { live, beside, all } = await this.runtime.views.versions(name);
      assertOurs(live, view.code);
      const free = await this.claimVersion(view, nextVersion([...all, live ?? 0, beside ?? 0], view.code));
      lease.assertHeld();
      await this.runtime.views.open({ ...view.code, version: free });
      lease.assertHeld();
      await this.runtime.views.keepBeside(name, free);
      return free;
    });
    await view.follow();
    return { version };
  }

  /** The live version and the one beside it, document by document. */
  async compare(name: string): Promise<ViewComparison> {
    const view = this.view(name);
    const { rebuild } = await this.beside(view);
    return rebuild.compare(view.answering.projection);
  }

  /**
   * Makes the version beside the live one answer; the former one is kept up to date beside it, for switching back.
   *
   * @throws Problem where there is no such version, or it is behind or has parked keys
   */
  async switchTo(name: string, version: number): Promise<void> {
    const view = this.view(name);
    const candidate = await this.beside(view);
    assertBeside(candidate.projection.version, version);
    await assertMayAnswer(candidate);
    await this.change(view, async (lease) => {
      const { live, beside } = await this.runtime.views.versions(name);
      assertOurs(live, view.code);
      assertBeside(beside, version);
      lease.assertHeld();
      await this.runtime.views.switchTo(name, version);
    });
    await view.follow();
  }

  /** A version of newer code answers once it shows what the older one did. */
  private async makeLive(view: KeptView): Promise<void> {
    const { views, log, alert } = this.runtime;
    const { projection, runner } = view.answering;
    const { live } = await views.versions(view.name);
    if (live === undefined) return views.switchTo(view.name, projection.version);
    if (isOfCode(live, view.code)) return;
    const { position } = await log.head();
    if (!(await runner.reached(projectionId(projection), position, CATCH_UP_MS))) {
      alert('view is still being built by newer code', { view: view.name });
    }
    await this.change(view, async (lease) => {
      const { live: now } = await views.versions(view.name);
      // Another replica of this code was first, and an operator may have switched since.
      if (now !== undefined && isOfCode(now, view.code)) return;
      lease.assertHeld();
      await views.switchTo(view.name, projection.version);
    });
  }

  /** A version that never was: whoever still drops or watches an old one cannot mean it. */
  private async claimVersion(view: KeptView, from: number): Promise<number> {
    const { monotonic, random, views } = this.runtime;
    const owner = random.uuidv7(Math.trunc(monotonic.now()));
    for (let version = from; ; version += 1) {
      const id = projectionId({ name: view.name, version });
      const claimed = await views.control.claimEpoch(id, owner, 1);
      if (claimed === undefined) continue;
      await views.control.release(id, 1);
      return version;
    }
  }

  private async keepFollowing(signal: AbortSignal): Promise<void> {
    let pause = LOOK_MS;
    while (!signal.aborted) {
      await this.runtime.timers.sleep(pause, signal).catch(() => undefined);
      if (signal.aborted) return;
      this.rounds.begin();
      try {
        for (const view of this.kept.values()) {
          const versions = await view.follow();
          const kept = new Set(view.all.map(({ projection }) => projection.version));
          const left = leftOverVersions(versions, view.code).filter((version) => !kept.has(version));
          await this.leftOvers.sweep(view.name, left);
        }
        pause = LOOK_MS;
        this.rounds.end();
      } catch (error) {
        this.runtime.alert('versions of views cannot be followed', failureFacts(error));
        pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
      }
    }
  }

  private change<T>(view: KeptView, task: (lease: Lease) => Promise<T>): Promise<T> {
    return this.changes.run(view.name, () => exclusively(this.runtime, view.name, task));
  }

  private view(name: string): KeptView {
    const view = this.kept.get(name);
    if (view === undefined) throw notFound('view');
    return view;
  }

  private async beside(view: KeptView): Promise<KeptVersion> {
    const { live, beside } = await view.follow();
    assertOurs(live, view.code);
    const candidate = view.version(beside);
    if (candidate === undefined) throw nothingBeside();
    return candidate;
  }
}

async function assertMayAnswer({ rebuild, projection }: KeptVersion): Promise<void> {
  const { version } = projection;
  if (!(await rebuild.caughtUp(CATCH_UP_MS))) {
    throw new Problem({
      kind: 'unavailable',
      detail: `Version ${version} is still being built. Try again.`,
      retryAfter: 5,
    });
  }
  const { parkedKeys } = await rebuild.status();
  if (parkedKeys > 0) {
    throw new Problem({
      kind: 'parked',
      detail: `Version ${version} has ${parkedKeys} parked keys: repair its fold.`,
    });
  }
}

function assertBeside(beside: number | undefined, version: number): void {
  if (beside === undefined) throw nothingBeside();
  if (beside === version) return;
  throw new Problem({
    kind: 'not-found',
    detail: `The version beside the live one is ${beside}, not ${version}.`,
    errors: [{ field: 'version', message: `must be ${beside}` }],
  });
}

/** While releases roll out, versions are changed by the release whose version is live. */
function assertOurs(live: number | undefined, code: Projection): void {
  if (live !== undefined && isOfCode(live, code)) return;
  throw new Problem({
    kind: 'unavailable',
    detail: 'The live version was built by another release. Try again when all replicas run the same.',
    retryAfter: 5,
  });
}

function nothingBeside(): Problem {
  return new Problem({
    kind: 'not-found',
    detail: 'No version is kept beside the live one. Rebuild the view first.',
  });
}
