import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  isUnreadable,
  parsePositionToken,
  unreadableEntry,
  type QueryAnswer,
  type QueryMessage,
  type ReadEvent,
  type Role,
  type UnreadableEntry,
} from '@rapport/contracts';
import { followingAlerts, LogFollower } from '@rapport/event-sourcing';
import { invalidInput, notFound, Problem, type EpochMillis } from '@rapport/platform';
import { carry, KeysUnavailable } from '@rapport/privacy';
import {
  cursorOf,
  type DocumentBody,
  type ViewCursor,
  type ViewFilter,
  type ViewQuery,
} from '@rapport/views';
import { KeptViews } from '../keeping/keptViews.ts';
import type { ReadableView } from '../keeping/readableView.ts';
import { PROJECTOR_RUNTIME, type ProjectorRuntime } from '../projectorRuntime.ts';
import { CursorSeal } from './cursorSeal.ts';
import { fromViews } from './fromViews.ts';
import { cutToFit, PAGE_BYTES, type Classified, type Cut, type Placed } from './pages.ts';
import { ReactionFront } from './reactionFront.ts';

/** How long a query waits for the position that it names, in ms, before it answers as stale. */
const WAIT_MS = 2_000;

export interface PageParameters {
  readonly cursor?: string;
  readonly limit?: number;
}

/** Which documents a list has, and in which order. */
export interface ListOrder {
  readonly filter?: ViewFilter;
  readonly sort?: ViewQuery['sort'];
}

/** How documents of a list are shown, where not as they are. */
export interface Shown {
  readonly item?: (body: DocumentBody) => DocumentBody;
  /** Dotted paths within an item, as `answer` takes them for the whole. */
  readonly classified?: Classified;
}

/** A page as queries answer it: `next` stands within and beside its body. */
export interface AnsweredPage<Item> {
  readonly body: { readonly items: readonly Item[]; readonly next?: string };
  readonly next?: string;
}

/** An event of the log as a timeline shows it. */
export interface ShownEvent {
  readonly index: number | null;
  readonly type: string;
  readonly stream: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly actor: string;
  readonly origin: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The same, or that this release cannot read it. */
export type HistoryEntry = ShownEvent | UnreadableEntry;

export function isShown(entry: HistoryEntry): entry is ShownEvent {
  return entry.type !== 'unreadable';
}

/** The views of this process, as query handlers ask them. */
@Injectable()
export class Views implements OnApplicationBootstrap, OnApplicationShutdown {
  /** Which versions there are, who keeps them, and which one answers. */
  readonly kept: KeptViews;
  private readonly cursors: CursorSeal;
  private readonly front = new ReactionFront();
  /** For as long as this process lives: whoever waits for a position would be answered as stale for ever without it. */
  private readonly follower: LogFollower;

  constructor(@Inject(PROJECTOR_RUNTIME) private readonly runtime: ProjectorRuntime) {
    this.cursors = new CursorSeal(runtime.cursorKey, runtime.random);
    this.kept = new KeptViews(runtime);
    const { log, timers, alert, followers } = runtime;
    this.follower = new LogFollower(
      { head: () => log.head(), follow: (after, signal) => log.follow(after, signal) },
      timers,
      [(events) => this.front.observe(events)],
      // What cannot be read, those tell who fold it.
      { failed: followingAlerts(alert, 'projector').failed },
      { followers, kind: 'knowledge', name: 'projector' },
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    const head = await this.runtime.log.head();
    this.front.startAt(head.position);
    this.follower.startAfter(head);
    await this.kept.start();
  }

  async onApplicationShutdown(): Promise<void> {
    const followed = this.follower.stop();
    await this.kept.stop();
    await followed;
  }

  /** Resolves when these views show everything up to a position; false when `timeoutMs` passed before. */
  async reached(
    position: number,
    timeoutMs: number,
    views: readonly string[] = this.kept.views(),
  ): Promise<boolean> {
    const all = await Promise.all(views.map((view) => this.kept.reached(view, position, timeoutMs)));
    return all.every(Boolean);
  }

  /** Business time of the answer. */
  now(): EpochMillis {
    return this.runtime.clock.now();
  }

  collection(view: string): ReadableView {
    return this.kept.collection(view);
  }

  /**
   * Answers a query from these views, as fresh as the message asks, masked for who asks. One about a customer says so in
   * its parameters, and waits for nobody else.
   */
  async answer(
    views: readonly string[],
    { after, actor, parameters }: QueryMessage,
    ask: () => Promise<{ body: unknown; revision?: number; next?: string }>,
    classified?: Classified,
  ): Promise<QueryAnswer> {
    const { stale, body, ...rest } = await this.ofSameVersions(views, async () => {
      const { customerId } = parameters as { readonly customerId?: string };
      const late = after !== undefined && !(await fromViews(() => this.waitFor(views, after, customerId)));
      const answer = await fromViews(ask).catch((error: unknown) => {
        throw late && error instanceof Problem && error.kind === 'not-found' ? notYetSeen(error) : error;
      });
      return { ...answer, stale: late };
    });
    return { body: await this.reveal(body, actor.roles as readonly Role[], classified), stale, ...rest };
  }

  /** What one version of a view shows, the other may show a moment later: waited for and asked are the same ones. */
  private async ofSameVersions<T>(views: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = this.kept.answering(views);
    try {
      const answer = await work();
      if (this.kept.answering(views) === before) return answer;
    } catch (error) {
      if (this.kept.answering(views) === before) throw error;
    }
    return work();
  }

  private async reveal(body: unknown, roles: readonly Role[], classified: Classified): Promise<object> {
    try {
      return (await this.runtime.reveal(body, roles, classified)) as object;
    } catch (cause) {
      if (!(cause instanceof KeysUnavailable)) throw cause;
      throw new Problem({ kind: 'unavailable', detail: cause.message, retryAfter: 2 }, { cause });
    }
  }

  /** One document, or 404; 409 where its key is parked. */
  async one(view: string, key: string, what: string): Promise<DocumentBody> {
    const parked = await this.kept.parkedKey(view, key);
    if (parked !== undefined) {
      throw new Problem({
        kind: 'parked',
        detail: `The view of this ${what} has stopped at event ${parked.index} and waits for repair.`,
      });
    }
    const found = await this.collection(view).get(key);
    if (found === undefined) throw notFound(what);
    return found.body;
  }

  /** One page of a view, of what fits into a message; `query` names the list that its cursors belong to. */
  async page(
    view: string,
    query: string,
    { cursor, limit = 50 }: PageParameters,
    order: ListOrder,
    { item = (body) => body, classified }: Shown = {},
  ): Promise<AnsweredPage<DocumentBody>> {
    const { placed, end } = await this.find(view, order, limit, this.openCursor(query, cursor));
    const shown = placed.map(({ item: body, place }) => ({ item: item(body), place }));
    return this.answerPage(query, cutToFit(shown, end, PAGE_BYTES, classified));
  }

  /** Documents of a list with their places in it; `end`: from where it goes on after them. */
  async find(
    view: string,
    order: ListOrder,
    limit: number,
    after?: ViewCursor,
  ): Promise<{ placed: readonly Placed<DocumentBody>[]; end: ViewCursor | undefined }> {
    const query = { ...order, limit, ...(after !== undefined && { after }) };
    const { documents, next } = await this.collection(view).find(query);
    const placed = documents.map((document) => ({
      item: document.body,
      place: cursorOf(document, order.sort),
    }));
    return { placed, end: next };
  }

  answerPage<Item>(query: string, { items, after }: Cut<Item>): AnsweredPage<Item> {
    if (after === undefined) return { body: { items } };
    const next = this.sealCursor(query, after);
    return { body: { items, next }, next };
  }

  sealCursor(query: string, place: ViewCursor): string {
    return this.cursors.seal(query, place);
  }

  /** @throws Problem naming `cursor` when it is not one of this query's */
  openCursor(query: string, cursor: string | undefined): ViewCursor | undefined {
    return cursor === undefined ? undefined : this.cursors.open(query, cursor);
  }

  /** Events of one stream as readers may see them: sealed values can be opened outside their event. */
  async history(stream: string, fromRevision: number, limit: number): Promise<readonly HistoryEntry[]> {
    const events = await this.runtime.readStream(stream, fromRevision, limit);
    return events.map(historyEntry);
  }

  private async waitFor(
    views: readonly string[],
    after: string,
    customerId: string | undefined,
  ): Promise<boolean> {
    const token = parsePositionToken(after);
    if (token === undefined) throw invalidInput('after', 'must be the position of a command’s answer');
    if (token.logId !== this.runtime.log.logId) {
      throw invalidInput('after', 'is a position of another log; ask again without it');
    }
    const deadline = this.runtime.monotonic.now() + WAIT_MS;
    const giveUp = new AbortController();
    const cancel = this.runtime.timers.schedule(WAIT_MS, () => giveUp.abort());
    const settled = await this.front.settlement(token.position, customerId, giveUp.signal);
    cancel();
    const left = Math.max(0, deadline - this.runtime.monotonic.now());
    if (settled === undefined) return false;
    const all = await Promise.all(views.map((view) => this.kept.reached(view, settled, left)));
    return all.every(Boolean);
  }
}

function historyEntry(event: ReadEvent): HistoryEntry {
  if (isUnreadable(event)) return unreadableEntry(event);
  const { index, type, stream, occurredAt, recordedAt, actor, origin } = event;
  const data = carry(event, '') as Readonly<Record<string, unknown>>;
  return { index, type, stream, occurredAt, recordedAt, actor, origin, data };
}

/** What is not there before the position that was asked for may be there at it: that is no 404. */
function notYetSeen(cause: Problem): Problem {
  const detail = 'The views do not show the position that you name yet, nor what you ask for.';
  return new Problem({ kind: 'unavailable', detail, retryAfter: 1 }, { cause });
}
