import { describe, expect, it } from '@jest/globals';
import { Unanswered } from '@rapport/messaging';
import { AdjustableClock, Problem, toInstant } from '@rapport/platform';
import { unwatched } from '@rapport/platform/testing';
import type { ServiceRuntime } from '../service/serviceRuntime.ts';
import { Sweep, SIDE_BY_SIDE, SWEEP_EVERY_MS } from './sweep.ts';
import type { WaitingPlace } from './waitingPlace.ts';

const START = Date.parse('2026-03-10T02:00:00.000Z');
const PAGE = 50;

interface Item {
  readonly id: string;
  readonly dueMs: number;
  /** From when the view shows it. */
  readonly recordedMs: number;
}

const unavailable = () => new Problem({ kind: 'unavailable', detail: 'The key store does not answer.' });

/** A world of items that wait, with a clock that the sweep's own pauses move. */
class WaitingWorld {
  readonly clock = new AdjustableClock({ now: () => START });
  readonly settled: { readonly id: string; readonly ms: number }[] = [];
  readonly tried = new Map<string, number>();
  readonly parked = new Map<string, string>();
  readonly alerts: { readonly alert: string; readonly facts: object }[] = [];
  readonly pauses: number[] = [];
  readonly asked: { readonly after: number }[] = [];
  readonly load = { commandsUnderWay: 0 };
  /** How many were under way at once, at most. */
  together = 0;
  private underWay = 0;
  /** The view shows what was settled up to here. */
  shows = Infinity;
  fails: (id: string) => Error | undefined = () => undefined;
  viewFails: () => Error | undefined = () => undefined;
  /** After so many pauses the sweeps stand still. */
  private enough = (): void => undefined;
  readonly done = new Promise<void>((resolve) => (this.enough = resolve));
  readonly sweep: Sweep<Item>;

  constructor(
    private items: readonly Item[],
    private readonly pausesUntilDone = 8,
  ) {
    this.clock.moveTo(START);
    const place: WaitingPlace<Item> = {
      name: 'test sweep',
      idOf: ({ id }) => id,
      page: async (before, cursor, after) => {
        this.asked.push({ after });
        const failure = this.viewFails();
        if (failure !== undefined) throw failure;
        const shown = this.shown();
        const due = shown.filter(({ dueMs }) => START + dueMs < before);
        const from = cursor === undefined ? 0 : due.findIndex(({ id }) => id === cursor);
        const page = due.slice(from, from + PAGE);
        const next = due[from + PAGE];
        const later = shown.find(({ dueMs }) => START + dueMs >= before);
        return {
          items: page,
          stale: after > this.shows,
          ...(next !== undefined && { next: next.id }),
          ...(next === undefined && later !== undefined && { nextAt: toInstant(START + later.dueMs) }),
        };
      },
      settle: async ({ id }) => {
        this.tried.set(id, (this.tried.get(id) ?? 0) + 1);
        this.underWay += 1;
        this.together = Math.max(this.together, this.underWay);
        // Others get their turn, as while something is recorded.
        await Promise.resolve();
        this.underWay -= 1;
        const failure = this.fails(id);
        if (failure !== undefined) throw failure;
        this.settled.push({ id, ms: this.passed() });
        return this.settled.length;
      },
      park: async ({ id }, reason) => {
        this.parked.set(id, reason);
        return this.settled.length;
      },
    };
    const runtime = {
      clock: this.clock,
      timers: {
        sleep: async (ms: number, signal?: AbortSignal) => {
          this.pauses.push(ms);
          this.clock.moveTo(this.clock.now() + ms);
          if (this.pauses.length < this.pausesUntilDone) return;
          this.enough();
          await new Promise((_resolve, reject) =>
            signal?.addEventListener('abort', () => reject(new Error('stopped'))),
          );
        },
      },
      alert: (alert: string, facts: object) => void this.alerts.push({ alert, facts }),
      deadlines: this.load,
      followers: unwatched(),
    } as unknown as ServiceRuntime;
    this.sweep = new Sweep(runtime, place);
  }

  async live(): Promise<void> {
    this.sweep.start();
    await this.done;
    await this.sweep.stop();
  }

  private shown(): readonly Item[] {
    const gone = new Set(this.settled.slice(0, this.shows).map(({ id }) => id));
    return this.items
      .filter(({ id, recordedMs }) => !gone.has(id) && !this.parked.has(id) && recordedMs <= this.passed())
      .sort((x, y) => x.dueMs - y.dueMs);
  }

  private passed(): number {
    return this.clock.now() - START;
  }
}

const item = (id: string, dueMs: number, recordedMs = 0): Item => ({ id, dueMs, recordedMs });
const items = (count: number): Item[] => Array.from({ length: count }, (_, n) => item(`${n}`, n - count - 1));

describe('a sweep', () => {
  it('settles what is due a moment after its instant, not at the next regular time', async () => {
    const world = new WaitingWorld([item('past', -5_000), item('near', 7_000), item('far', 61_500)]);
    await world.live();
    expect(world.settled).toEqual([
      { id: 'past', ms: 0 },
      { id: 'near', ms: 7_001 },
      { id: 'far', ms: 61_501 },
    ]);
  });

  it('comes every 30 s where nothing is near, and finds what was recorded meanwhile', async () => {
    const world = new WaitingWorld([item('policy', 60_501, 1)]);
    await world.live();
    expect(world.pauses.slice(0, 3)).toEqual([SWEEP_EVERY_MS, SWEEP_EVERY_MS, 502]);
    expect(world.settled).toEqual([{ id: 'policy', ms: 60_502 }]);
  });

  it('takes up a backlog in order of due, over all its pages, each item once', async () => {
    const world = new WaitingWorld(items(3 * PAGE + 7), 2);
    await world.live();
    expect(world.settled.map(({ id }) => Number(id))).toEqual(
      items(3 * PAGE + 7).map(({ id }) => Number(id)),
    );
  });

  it('settles nothing twice that a view still shows which lags behind, and asks it for the position', async () => {
    const world = new WaitingWorld(items(2 * PAGE));
    world.shows = 0;
    await world.live();
    expect(new Set(world.tried.values())).toEqual(new Set([1]));
    expect(world.asked.some(({ after }) => after === 2 * PAGE)).toBe(true);
    // And it does not ask again and again for that.
    expect(world.asked.length).toBeLessThan(4 * world.pauses.length + 4);
  });

  it('leaves room while commands of users are under way', async () => {
    const world = new WaitingWorld(items(2 * PAGE), 2);
    world.load.commandsUnderWay = 3;
    await world.sweep.sweep();
    expect(world.settled).toHaveLength(2 * PAGE);
    expect(world.together).toBe(4);
    const quiet = new WaitingWorld(items(2 * PAGE), 2);
    await quiet.sweep.sweep();
    expect(quiet.together).toBe(SIDE_BY_SIDE);
  });

  it('parks what cannot be settled with the kind of its error; the others do not wait', async () => {
    const world = new WaitingWorld(items(PAGE), 3);
    world.fails = (id) => (Number(id) < 20 ? new RangeError('a name') : undefined);
    await world.live();
    expect(world.settled).toHaveLength(PAGE - 20);
    expect([...world.parked.values()]).toEqual(Array.from({ length: 20 }, () => 'RangeError'));
    expect(new Set(world.tried.values())).toEqual(new Set([1]));
  });

  it('what cannot even be parked is told, and keeps no other waiting', async () => {
    const world = new WaitingWorld(items(3 * PAGE), 3);
    world.fails = (id) => (id === '0' ? new RangeError('a name') : undefined);
    world.parked.set = () => {
      throw new TypeError('a defect');
    };
    await world.live();
    expect(world.settled).toHaveLength(3 * PAGE - 1);
    expect(world.alerts[0]).toEqual({ alert: 'test sweep failed', facts: { error: 'TypeError' } });
  });

  describe('while things fail that go away by themselves', () => {
    it('R-026 tries them again after the others, parks none of them, and tells when it lasts', async () => {
      // As where the key store is older than the log: those customers' amounts cannot be opened.
      const world = new WaitingWorld(items(40), 12);
      const failing = (id: string) => Number(id) < SIDE_BY_SIDE;
      world.fails = (id) => (failing(id) ? unavailable() : undefined);
      await world.live();
      expect(world.settled.map(({ id }) => Number(id))).toEqual(
        Array.from({ length: 40 - SIDE_BY_SIDE }, (_, n) => n + SIDE_BY_SIDE),
      );
      expect(world.settled.every(({ ms }) => ms === 0)).toBe(true);
      expect(world.parked.size).toBe(0);
      expect(world.tried.get('0')).toBeGreaterThan(4);
      expect(world.alerts).toEqual([
        { alert: 'test sweep leaves some waiting', facts: { failing: SIDE_BY_SIDE } },
      ]);
    });

    it('parks nothing in an outage, pauses, and goes on where it was', async () => {
      const world = new WaitingWorld(items(500), 30);
      let healed = false;
      world.fails = () => (healed ? undefined : unavailable());
      const before = world.sweep.sweep();
      await expect(before).rejects.toMatchObject({ kind: 'unavailable' });
      // It gave up soon: no more than a few rounds were tried.
      expect(world.tried.size).toBeLessThanOrEqual(3 * SIDE_BY_SIDE);
      healed = true;
      await world.live();
      expect(world.settled).toHaveLength(500);
      expect(world.parked.size).toBe(0);
    });

    it('many that fail for ever do not keep those behind them from being tried', async () => {
      const world = new WaitingWorld(items(400), 40);
      world.fails = (id) => (id === '399' ? undefined : unavailable());
      await world.live();
      expect(world.settled.map(({ id }) => id)).toEqual(['399']);
    });

    it('does not try one after the other where nobody answers', async () => {
      const world = new WaitingWorld(items(200), 2);
      world.fails = () => new Unanswered('The ledger does not answer.');
      await expect(world.sweep.sweep()).rejects.toBeInstanceOf(Unanswered);
      expect(world.tried.size).toBeLessThanOrEqual(SIDE_BY_SIDE);
    });
  });

  describe('while the view does not answer', () => {
    /** Alerts with the failures in a row that each tells; `fails` says what each sweep meets. */
    async function told(fails: readonly (Error | undefined)[]): Promise<unknown[]> {
      const world = new WaitingWorld([], fails.length);
      const left = [...fails];
      world.viewFails = () => left.shift();
      await world.live();
      return world.alerts.map(({ facts }) => (facts as { failures: number }).failures);
    }

    it('nothing is told in the minute in which everything starts, then it is', async () => {
      expect(await told(Array.from({ length: 13 }, unavailable))).toEqual([12, 13]);
    });

    it('the third failure in a row is told once a sweep has gone well, or where nobody is away', async () => {
      expect(await told([undefined, unavailable(), unavailable(), unavailable()])).toEqual([3]);
      expect(await told([new Error('a'), new Error('b'), new Error('c')])).toEqual([3]);
    });
  });
});
