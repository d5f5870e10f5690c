import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { parsePositionToken, type QueryAnswer, type QueryMessage, type Role } from '@rapport/contracts';
import { invalidInput, notFound, Problem } from '@rapport/platform';
import { carry } from '@rapport/privacy';
import {
  projectionId,
  ProjectionRunner,
  type DocumentBody,
  type Projection,
  type ProjectionStatus,
  type ViewCollection,
  type ViewFilter,
} from '@rapport/views';
import { PROJECTIONS } from '../projections.ts';
import { PROJECTOR_RUNTIME, type ProjectorRuntime } from '../projectorRuntime.ts';
import { CursorSeal } from './cursorSeal.ts';
import { ReactionFront } from './reactionFront.ts';

/** How long a query waits for the position that it names, in ms, before it answers as stale. */
const WAIT_MS = 2_000;

export interface PageParameters {
  readonly cursor?: string;
  readonly limit?: number;
}

/** An event of the log as a timeline shows it. */
export interface HistoryEntry {
  readonly index: number | null;
  readonly type: string;
  readonly stream: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly actor: string;
  readonly origin: string;
  readonly data: Readonly<Record<string, unknown>>;
}

type Classified = Parameters<ProjectorRuntime['reveal']>[2];

/** The views of this process: kept up to date by the runner, asked by the query handlers. */
@Injectable()
export class Views implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly runner: ProjectionRunner;
  private readonly collections = new Map<string, ViewCollection>();
  private readonly projections = new Map<string, Projection>(PROJECTIONS.map((p) => [p.name, p]));
  private readonly cursors: CursorSeal;
  private readonly front = new ReactionFront();
  private readonly stopping = new AbortController();
  private following: Promise<void> = Promise.resolve();

  constructor(@Inject(PROJECTOR_RUNTIME) private readonly runtime: ProjectorRuntime) {
    const { alert } = runtime;
    this.cursors = new CursorSeal(runtime.cursorKey, runtime.random);
    this.runner = new ProjectionRunner({
      projections: PROJECTIONS,
      log: runtime.log,
      store: runtime.views,
      owner: runtime.random.uuidv7(Math.trunc(runtime.monotonic.now())),
      clock: runtime.monotonic,
      timers: runtime.timers,
      opener: runtime.opener,
      events: {
        parked: ({ projection, stream, index, reason }) =>
          alert('key parked', { projection, stream, index, reason }),
        fenced: (fenced) => alert('projection fenced', { projection: String(fenced.message) }),
        failed: (projection, error) =>
          alert('projection stopped', { projection, error: (error as Error).name }),
        keysUnavailable: (projection) => alert('projection waits for keys', { projection }),
      },
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const projection of PROJECTIONS) {
      this.collections.set(projection.name, await this.runtime.views.open(projection));
      if (this.runtime.soleOwner) await this.releaseFormerOwner(projection);
      const { live } = await this.runtime.views.versions(projection.name);
      if (live === undefined) await this.runtime.views.switchTo(projection.name, projection.version);
    }
    const { position } = await this.runtime.log.head();
    this.following = this.follow(position);
    this.runner.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.runner.stop();
    await this.following;
  }

  status(): Promise<readonly ProjectionStatus[]> {
    return this.runner.status();
  }

  /** Resolves when these views show everything up to a position; false when `timeoutMs` passed before. */
  async reached(
    position: number,
    timeoutMs: number,
    views: readonly string[] = [...this.projections.keys()],
  ): Promise<boolean> {
    const all = await Promise.all(
      views.map((view) => this.runner.reached(this.id(view), position, timeoutMs)),
    );
    return all.every(Boolean);
  }

  collection(view: string): ViewCollection {
    const collection = this.collections.get(view);
    if (collection === undefined) throw notFound('view', 'view');
    return collection;
  }

  unpark(view: string, key: string): ReturnType<ProjectionRunner['unpark']> {
    return this.runner.unpark(this.id(view), key);
  }

  /** Answers a query from these views, as fresh as the message asks, masked for who asks. */
  async answer(
    views: readonly string[],
    { after, actor }: QueryMessage,
    ask: () => Promise<{ body: unknown; revision?: number; next?: string }>,
    classified?: Classified,
  ): Promise<QueryAnswer> {
    const stale = after !== undefined && !(await this.waitFor(views, after));
    const { body, ...rest } = await ask();
    const revealed = await this.runtime.reveal(body, actor.roles as readonly Role[], classified);
    return { body: revealed as object, stale, ...rest };
  }

  /** One document, or 404; 409 where its key is parked. */
  async one(view: string, key: string, what: string): Promise<DocumentBody> {
    const found = await this.collection(view).get(key);
    if (found === undefined) throw notFound(what);
    const parked = await this.runner.parkedKey(this.id(view), key);
    if (parked !== undefined) {
      throw new Problem({
        kind: 'parked',
        detail: `The view of this ${what} has stopped at event ${parked.index} and waits for repair.`,
      });
    }
    return found.body;
  }

  /** One page of a view; `query` names the list that its cursors belong to. */
  async page(
    view: string,
    query: string,
    { cursor, limit = 50 }: PageParameters,
    order: { filter?: ViewFilter; sort?: { by: string; direction: 'asc' | 'desc' } },
  ): Promise<{ body: { items: readonly DocumentBody[]; next?: string }; next?: string }> {
    const { documents, next } = await this.collection(view).find({
      ...order,
      limit,
      ...(cursor !== undefined && { after: this.cursors.open(query, cursor) }),
    });
    const items = documents.map(({ body }) => body);
    if (next === undefined) return { body: { items } };
    const sealed = this.cursors.seal(query, next);
    return { body: { items, next: sealed }, next: sealed };
  }

  /** Events of one stream as readers may see them: sealed values can be opened outside their event. */
  async history(stream: string, fromRevision: number, limit: number): Promise<readonly HistoryEntry[]> {
    const events = await this.runtime.readStream(stream, fromRevision, limit);
    return events.map((event) => ({
      index: event.index,
      type: event.type,
      stream: event.stream,
      occurredAt: event.occurredAt,
      recordedAt: event.recordedAt,
      actor: event.actor,
      origin: event.origin,
      data: carry(event, '') as Readonly<Record<string, unknown>>,
    }));
  }

  private async waitFor(views: readonly string[], after: string): Promise<boolean> {
    const token = parsePositionToken(after);
    if (token === undefined) throw invalidInput('after', 'must be the position of a command’s answer');
    if (token.logId !== this.runtime.log.logId) {
      throw invalidInput('after', 'is a position of another log; ask again without it');
    }
    const deadline = this.runtime.monotonic.now() + WAIT_MS;
    const giveUp = new AbortController();
    const late = this.runtime.timers.sleep(WAIT_MS, giveUp.signal).then(
      () => undefined,
      () => undefined,
    );
    const settled = await Promise.race([this.front.settlement(token.position), late]);
    giveUp.abort();
    const left = Math.max(0, deadline - this.runtime.monotonic.now());
    if (settled === undefined) return false;
    const all = await Promise.all(views.map((view) => this.runner.reached(this.id(view), settled, left)));
    return all.every(Boolean);
  }

  private id(view: string): string {
    const projection = this.projections.get(view);
    if (projection === undefined) throw notFound('view', 'view');
    return projectionId(projection);
  }

  private async releaseFormerOwner(projection: Projection): Promise<void> {
    const { control } = this.runtime.views;
    const former = await control.currentEpoch(projectionId(projection));
    if (former !== undefined && !former.released)
      await control.release(projectionId(projection), former.epoch);
  }

  private async follow(from: number): Promise<void> {
    this.front.startAt(from);
    try {
      for await (const events of this.runtime.log.follow(from, this.stopping.signal))
        this.front.observe(events);
    } catch (error) {
      if (!this.stopping.signal.aborted) {
        this.runtime.alert('following the log failed', {
          service: 'projector',
          error: (error as Error).name,
        });
      }
    }
  }
}
