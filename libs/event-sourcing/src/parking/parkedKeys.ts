import { formatPositionToken, isUnreadable, parkingEvents, type ReadEvent } from '@rapport/contracts';
import { toInstant, type EpochMillis } from '@rapport/platform';
import { KeyedQueue } from '../commandHandling/keyedQueue.ts';
import type { ServiceRuntime } from '../service/serviceRuntime.ts';
import { Sweep } from '../sweeping/sweep.ts';
import type { WaitingPage, WaitingPlace } from '../sweeping/waitingPlace.ts';
import { ParkedAlerts } from './parkedAlerts.ts';
import { Parking } from './parking.ts';
import type { ParkedItem } from './parkedSource.ts';
import type { FailedKey } from './parkingDecider.ts';
import { RetriesAtStart } from './retriesAtStart.ts';

/** Parked keys that are asked for at once. */
const PAGE = 200;

/** Longest pause before what goes away by itself is tried again, in ms. */
const TRANSIENT_PAUSE_MS = 5 * 60_000;

/** Tries after which what goes away by itself is told all the same: about half an hour. */
const MANY_ATTEMPTS = 8;

/** Whose keys they are. */
export interface KeyOwner {
  /** As it stands in the events, `reaction/standing-1`. */
  readonly owner: string;
  /** What an alert says of it: `reaction parked`, with `{ reaction: 'standing' }`. */
  readonly kind: 'reaction' | 'campaign';
  readonly name: string;
  /** Carries out once more what failed. */
  retry(waiting: FailedKey): Promise<void>;
}

/**
 * The keys of one owner that could not go on. Each waits in a stream of its own, and is tried again at growing
 * intervals, when an operator says so, and with whatever comes later for the key.
 */
export class ParkedKeys implements WaitingPlace<ParkedItem> {
  readonly name: string;
  private readonly parking: Parking;
  private readonly alerts: ParkedAlerts;
  private readonly retries: Sweep<ParkedItem>;
  private readonly atStart: RetriesAtStart;
  /** What concerns one key is done one after the other, whether it comes with the log or is tried again. */
  private readonly turns = new KeyedQueue();
  /** There may be parked keys. Where there are none, a success need not look for one. */
  private some = true;
  /** Where the log was when one was last parked, or following began. */
  private lookAt = -1;

  constructor(
    private readonly runtime: ServiceRuntime,
    via: string,
    private readonly whose: KeyOwner,
  ) {
    this.name = `retries of ${whose.name}`;
    this.parking = new Parking(runtime, via);
    this.alerts = new ParkedAlerts(runtime);
    this.retries = new Sweep(runtime, this, runtime.deadlines.options.everyMs);
    this.atStart = new RetriesAtStart(runtime, whose.owner, (item) => this.settle(item));
  }

  start(): void {
    this.retries.start();
    this.atStart.start();
  }

  async stop(): Promise<void> {
    await this.atStart.stop();
    await this.retries.stop();
  }

  /** Everything that is to be tried again by now. @throws Problem as a sweep */
  retry(): Promise<void> {
    return this.retries.sweep();
  }

  /** Following begins after this position: what is parked there or later is seen, what was before must be asked for. */
  followFrom(position: number): void {
    this.lookAt = Math.max(this.lookAt, position);
  }

  /** Takes notice of keys that another replica parked. */
  observe(events: readonly ReadEvent[]): void {
    for (const event of events) {
      if (event.type !== parkingEvents.KeyParked.type || isUnreadable(event)) continue;
      const { owner } = event.data as { readonly owner?: unknown };
      if (owner === this.whose.owner) this.parkedAt(event.position);
    }
  }

  /** Runs the tasks of one key one after the other. */
  inTurn<T>(key: string, task: () => Promise<T>): Promise<T> {
    return this.turns.run(key, task);
  }

  /** Whether the key waits; costs a look at its stream where any key of the owner may. */
  async has(key: string): Promise<boolean> {
    return this.some && (await this.parking.parked(this.whose.owner, key)) !== undefined;
  }

  /**
   * The key waits from now on, or for longer.
   *
   * @param failedAt the stream that it failed at, and the event where it was one
   * @param transient what keeps it from going on goes away by itself
   */
  async add(
    key: string,
    failedAt: Pick<FailedKey, 'stream' | 'revision'>,
    reason: string,
    transient = false,
  ): Promise<number> {
    const { stream, revision } = failedAt;
    const { owner, kind, name } = this.whose;
    const failed = { owner, key, stream, ...(revision !== undefined && { revision }), reason };
    const { attempt, position } = await this.parking.park(failed, transient ? TRANSIENT_PAUSE_MS : undefined);
    this.parkedAt(position);
    if (attempt === (transient ? MANY_ATTEMPTS : 1)) {
      const at = { stream, ...(revision !== undefined && { revision }), reason };
      this.alerts.parked(kind, { [kind]: name }, at);
    }
    return position;
  }

  /** The key is up to date. */
  async remove(key: string): Promise<number> {
    return this.parking.unpark({ owner: this.whose.owner, key });
  }

  idOf({ id, attempt }: ParkedItem): string {
    return `${id}/${attempt}`;
  }

  async page(
    before: EpochMillis,
    cursor: string | undefined,
    after: number,
  ): Promise<WaitingPage<ParkedItem>> {
    const { logId, deadlines } = this.runtime;
    const { parked, replica } = deadlines.options;
    const { lookAt } = this;
    const position = Math.max(after, lookAt);
    const page = await parked.due({
      owner: this.whose.owner,
      before: toInstant(before),
      limit: PAGE,
      by: replica,
      ...(cursor !== undefined && { cursor }),
      ...(cursor === undefined && position >= 0 && { after: formatPositionToken({ logId, position }) }),
    });
    const isEmpty = cursor === undefined && page.items.length === 0 && page.nextAt === undefined;
    // What was parked meanwhile has been seen by following.
    if (isEmpty && !page.stale && lookAt === this.lookAt) this.some = false;
    return page;
  }

  settle({ key }: ParkedItem): Promise<number | undefined> {
    return this.inTurn(key, async () => {
      const waiting = await this.parking.parked(this.whose.owner, key);
      // It went on with something later since the view showed it.
      if (waiting === undefined) return -1;
      await this.whose.retry(waiting);
      return this.remove(key);
    });
  }

  park({ key, stream, revision }: ParkedItem, reason: string): Promise<number> {
    return this.add(key, { stream, ...(revision !== undefined && { revision }) }, reason);
  }

  private parkedAt(position: number): void {
    this.some = true;
    this.lookAt = Math.max(this.lookAt, position);
  }
}
