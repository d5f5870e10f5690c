import { Unanswered } from '@rapport/messaging';
import { Problem, Rounds, toMillis, type EpochMillis } from '@rapport/platform';
import type { ServiceRuntime } from '../service/serviceRuntime.ts';
import { Deferrals } from './deferrals.ts';
import { SweepAlerts } from './sweepAlerts.ts';
import { isTransient, reasonOf } from './transient.ts';
import type { SweepOrigin, WaitingPlace } from './waitingPlace.ts';

export const SWEEP_EVERY_MS = 30_000;
/** Items under way at the same time: enough to fill a group commit. */
export const SIDE_BY_SIDE = 16;
/** The same while commands of users are under way, which share thread and commits with them. */
const BESIDE_COMMANDS = 4;
/** Shortest pause before an item that is near, in ms: a clock that stands still must not make it a busy loop. */
const SHORTEST_PAUSE_MS = 100;
/** Longest pause while everything fails. */
const OUTAGE_PAUSE_MS = 5_000;

/**
 * Settles what is due: at the start, when the next is due, at least every 30 s, and when asked; in order of due, several
 * side by side. Every replica sweeps; what two of them take up is settled once, since it is one command.
 *
 * An item that cannot be settled is parked and costs the others nothing. What goes away by itself is tried again, after
 * the others. Where nothing succeeds any more, the store, the ledger or the keys are unavailable: nothing is parked, the
 * sweep pauses and goes on where it was.
 */
export class Sweep<Item> {
  private readonly abort = new AbortController();
  private readonly deferrals = new Deferrals();
  private readonly alerts: SweepAlerts;
  private readonly rounds = new Rounds();
  private readonly forget: () => void;
  /** Settled or parked, while the view may still show them. */
  private readonly done = new Set<string>();
  private shown = -1;
  private failuresInARow = 0;
  private nextAt: EpochMillis | undefined;
  private loop: Promise<void> = Promise.resolve();
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly runtime: Pick<ServiceRuntime, 'clock' | 'timers' | 'alert' | 'followers'> & {
      readonly deadlines: { readonly commandsUnderWay: number };
    },
    private readonly place: WaitingPlace<Item>,
    private readonly everyMs = SWEEP_EVERY_MS,
  ) {
    this.alerts = new SweepAlerts(place.name, runtime.alert);
    const { progress } = this.rounds;
    this.forget = runtime.followers.register({ kind: 'sweeper', name: place.name, progress });
  }

  start(): void {
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.loop;
    await this.last.catch(() => undefined);
    this.forget();
  }

  /**
   * Settles everything that is due by the business clock, as far as the view knows it. One sweep at a time.
   *
   * @throws Problem when the view does not answer, or nothing can be settled; what was not is still due
   */
  sweep(origin: SweepOrigin = 'live'): Promise<void> {
    const next = this.last.then(
      () => this.sweepOnce(origin),
      () => this.sweepOnce(origin),
    );
    this.last = next;
    return next;
  }

  private async run(): Promise<void> {
    const { signal } = this.abort;
    for (let failures = 0; !signal.aborted;) {
      let pause: number;
      this.rounds.begin();
      try {
        await this.sweep();
        this.rounds.end();
        failures = 0;
        this.alerts.succeeded();
        pause = this.untilNext();
      } catch (error) {
        failures += 1;
        this.alerts.failed(error, failures);
        pause = Math.min(1_000 * failures, isTransient(error) ? OUTAGE_PAUSE_MS : this.everyMs);
      }
      await this.runtime.timers.sleep(pause, signal).catch(() => undefined);
    }
  }

  /** Milliseconds to what is due next, at most to the next regular sweep. */
  private untilNext(): number {
    const now = this.runtime.clock.now();
    const deferred = this.deferrals.next();
    // What is due at an instant has passed a millisecond later.
    const next = Math.min(this.nextAt === undefined ? Infinity : this.nextAt + 1, deferred ?? Infinity);
    return Math.min(this.everyMs, Math.max(SHORTEST_PAUSE_MS, next - now));
  }

  private async sweepOnce(origin: SweepOrigin): Promise<void> {
    const before = this.runtime.clock.now();
    const met = new Set<string>();
    const again: Item[] = [];
    this.failuresInARow = 0;
    for (let cursor: string | undefined, first = true; ; first = false) {
      const page = await this.place.page(before, cursor, first ? this.shown : -1);
      if (first && !page.stale) this.done.clear();
      const fresh: Item[] = [];
      for (const item of page.items) {
        const id = this.place.idOf(item);
        met.add(id);
        if (this.done.has(id)) continue;
        const state = this.deferrals.stateOf(id, before);
        if (state === 'new') fresh.push(item);
        else if (state === 'ready') again.push(item);
      }
      await this.settleAll(fresh, origin);
      cursor = page.next;
      this.nextAt = page.nextAt === undefined ? undefined : toMillis(page.nextAt);
      if (cursor === undefined || this.abort.signal.aborted) break;
    }
    // Last, so that what goes on failing keeps nothing else waiting.
    await this.settleAll(again, origin);
    if (this.abort.signal.aborted) return;
    this.deferrals.keepOnly(met);
    this.alerts.waiting(this.deferrals.failing());
  }

  /** In order, several side by side; the next begins when one ends. */
  private async settleAll(items: readonly Item[], origin: SweepOrigin): Promise<void> {
    let next = 0;
    let underWay = 0;
    let outage: unknown;
    if (items.length === 0) return;
    await new Promise<void>((resolve) => {
      const goOn = (): void => {
        const isOver = outage !== undefined || this.abort.signal.aborted || next === items.length;
        if (isOver && underWay === 0) return resolve();
        while (next < items.length && outage === undefined && underWay < this.sideBySide()) {
          underWay += 1;
          void this.settle(items[next++]!, origin).then((failure) => {
            underWay -= 1;
            if (failure !== undefined) {
              this.failuresInARow += 1;
              // One may fail alone; when nobody answers, or as many fail in a row as there are under way, it is no one's fault.
              const many = this.failuresInARow >= 2 * SIDE_BY_SIDE;
              if (failure instanceof Unanswered || many) outage ??= failure;
            }
            goOn();
          });
        }
      };
      goOn();
    });
    if (outage !== undefined) throw outage;
  }

  private sideBySide(): number {
    if (this.abort.signal.aborted) return 0;
    return this.runtime.deadlines.commandsUnderWay > 0 ? BESIDE_COMMANDS : SIDE_BY_SIDE;
  }

  /** @returns what failed and goes away by itself */
  private async settle(item: Item, origin: SweepOrigin): Promise<unknown> {
    const id = this.place.idOf(item);
    const defer = (pauseMs = 0): void => this.deferrals.failed(id, this.runtime.clock.now(), pauseMs);
    try {
      const position = await this.settleOrPark(item, origin);
      this.failuresInARow = 0;
      if (position === undefined) {
        defer();
        return undefined;
      }
      this.rounds.step();
      this.deferrals.settled(id);
      this.done.add(id);
      this.shown = Math.max(this.shown, position);
      return undefined;
    } catch (error) {
      if (isTransient(error)) {
        defer(((error as Problem).details.retryAfter ?? 0) * 1_000);
        return error;
      }
      // It could not even be parked: a defect, which keeps no other waiting.
      this.alerts.failed(error);
      defer();
      return undefined;
    }
  }

  private async settleOrPark(item: Item, origin: SweepOrigin): Promise<number | undefined> {
    try {
      return await this.place.settle(item, origin);
    } catch (error) {
      if (isTransient(error)) throw error;
      return this.place.park(item, reasonOf(error));
    }
  }
}
