import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startOfDay } from '@rapport/calendar';
import { systemClock } from '@rapport/platform';
import type { Standalone } from '../composition/standalone.ts';
import { StandaloneFolder } from '../testing/standaloneFolder.ts';
import { demoBegins, DEMO_CUSTOMERS, DEMO_DAYS, DEMO_SEED, demoPlan } from './demoPlan.ts';
import { liveDemo } from './liveDemo.ts';

const day = { date: (n: number) => `day ${n}`, instant: (n: number, time: number) => `day ${n} ${time}` };
const DAY = 86_400_000;
const ids = { id: (key: string) => key, part: (key: string, n: number) => `${key} ${n}` };

/** A plan with what its actions send. */
function written(plan: ReturnType<typeof demoPlan>): unknown {
  return plan.map((actions) => actions.map((action) => ({ ...action, payload: action.payload(ids, day) })));
}

describe('the plan of the demo', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(written(demoPlan())).toEqual(written(demoPlan(DEMO_SEED)));
    expect(written(demoPlan(1, 5, 60))).not.toEqual(written(demoPlan(2, 5, 60)));
  });

  it('has about 200 customers and two years of all that users do', () => {
    const plan = demoPlan();
    expect(plan).toHaveLength(DEMO_DAYS);
    const actions = plan.flat();
    expect(actions.filter(({ command }) => command === 'registerCustomer')).toHaveLength(DEMO_CUSTOMERS);
    const commands = new Set(actions.map(({ command }) => command));
    for (const command of [
      'recordPurchase',
      'recordInteraction',
      'openTicket',
      'answerSurvey',
      'identifyRisk',
    ] as const) {
      expect(commands).toContain(command);
    }
  });

  it('names each action once, and has each customer’s actions in order of time', () => {
    const actions = demoPlan().flat();
    expect(new Set(actions.map(({ key }) => key)).size).toBe(actions.length);
    const last = new Map<string, number>();
    for (const { lane, day: on, time } of actions) {
      const at = on * 86_400_000 + time;
      expect(at).toBeGreaterThanOrEqual(last.get(lane) ?? 0);
      last.set(lane, at);
    }
  });
});

describe('living the demo', () => {
  const plan = demoPlan(7, 14, 60);
  const bornAt = startOfDay(demoBegins(systemClock.now()));
  const [whole, cutOff] = [new StandaloneFolder(), new StandaloneFolder()];
  beforeAll(() => Promise.all([whole.start({ bornAt }), cutOff.start({ bornAt })]));
  afterAll(() => Promise.all([whole.remove(), cutOff.remove()]));

  async function live(standalone: Standalone, until = plan.length): ReturnType<typeof liveDemo> {
    const stop = new AbortController();
    const progress = (done: number): void => {
      if (done === until && until < plan.length) stop.abort();
    };
    standalone.allowDemo(true);
    try {
      return await liveDemo({ ...standalone, now: systemClock.now(), plan, progress, signal: stop.signal });
    } finally {
      standalone.allowDemo(false);
    }
  }

  async function lastRecorded(folder: StandaloneFolder): Promise<number> {
    return Math.max(...(await folder.log()).map(({ recordedAt }) => Date.parse(recordedAt)));
  }

  /** What happened in each stream that users' commands made: what, by which command, when. */
  async function histories(folder: StandaloneFolder): Promise<Record<string, string[]>> {
    const streams: Record<string, string[]> = {};
    for (const { stream, type, commandId, occurredAt, origin } of await folder.log()) {
      if (/^(log|standing)-/.test(stream)) continue;
      (streams[stream] ??= []).push(`${type} ${commandId} ${occurredAt} ${origin}`);
    }
    return streams;
  }

  it('cut off in the middle and started again gives what it gives in one go', async () => {
    expect(await live(whole.standalone)).toBe('lived');
    await expect(live(cutOff.standalone, 37)).rejects.toMatchObject({ name: 'AbortError' });
    await cutOff.stop();
    const { clock } = await cutOff.start({ bornAt });
    // Reactions that catch up record as of then, not of today and not of before.
    expect(clock.now()).toBe(await lastRecorded(cutOff));
    expect(clock.now()).toBeLessThan(bornAt + 38 * DAY);
    expect(await live(cutOff.standalone)).toBe('lived');
    const histories1 = await histories(whole);
    expect(Object.keys(histories1).length).toBeGreaterThan(20);
    expect(await histories(cutOff)).toEqual(histories1);
    expect(await cutOff.ask('tiers.summary', {})).toEqual(await whole.ask('tiers.summary', {}));
    expect([whole.alerts, cutOff.alerts]).toEqual([[], []]);
  });

  it('has happened in the past: recorded when it happened, never later than now', async () => {
    for (const folder of [whole, cutOff]) {
      const log = await folder.log();
      const times = log.map(({ recordedAt }) => Date.parse(recordedAt));
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      for (const { occurredAt, recordedAt } of log) {
        expect(Date.parse(occurredAt) - Date.parse(recordedAt)).toBeLessThanOrEqual(5 * 60_000);
      }
    }
  });

  it('hands the clock back', () => {
    expect(Math.abs(whole.standalone.clock.now() - systemClock.now())).toBeLessThan(60_000);
  });

  it('is lived once: a second time does nothing', async () => {
    const before = await whole.head();
    expect(await live(whole.standalone)).toBe('lived-before');
    expect(await live(await whole.restart())).toBe('lived-before');
    expect(await whole.head()).toBe(before);
  });

  it('is not gone on with where somebody’s own history has begun since, for good', async () => {
    const own = new StandaloneFolder();
    try {
      await own.start({ bornAt });
      await expect(live(own.standalone, 12)).rejects.toMatchObject({ name: 'AbortError' });
      await own.restart();
      await own.import('customers', '客户名称\n远见科技有限公司\n');
      await own.stop();
      for (let start = 1; start <= 2; start += 1) {
        const { clock } = await own.start({ bornAt });
        expect(Math.abs(clock.now() - systemClock.now())).toBeLessThan(60_000);
        expect(await live(own.standalone)).toBe('own-history');
        expect(clock.now()).toBeGreaterThanOrEqual(await lastRecorded(own));
        await own.stop();
      }
    } finally {
      await own.remove();
    }
  });

  it('is not lived in a log that was opened today: it would begin before its log', async () => {
    const own = new StandaloneFolder();
    try {
      await own.start();
      await own.stop();
      await own.start({ bornAt });
      expect(await live(own.standalone)).toBe('own-history');
      expect(await own.head()).toBe(0);
    } finally {
      await own.remove();
    }
  });

  it('is not lived beside somebody’s own history', async () => {
    const own = new StandaloneFolder();
    try {
      await own.start();
      await own.import('customers', '客户名称\n远见科技有限公司\n');
      const before = await own.head();
      expect(await live(own.standalone)).toBe('own-history');
      expect(await own.head()).toBe(before);
    } finally {
      await own.remove();
    }
  });
});
