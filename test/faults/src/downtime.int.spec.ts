import { afterEach, describe, expect, it } from '@jest/globals';
import { deadlineEvents, profileEvents, uuid5, type RecordedEvent } from '@rapport/contracts';
import { toInstant, toMillis } from '@rapport/platform';
import { eventually } from '@rapport/platform/testing';
import { ClockedProcess } from './harness/clockedProcess.ts';
import { removeFolder, temporaryFolder } from './harness/rapportProcess.ts';

const HOUR = 3_600_000;
const NAMESPACE = '7f0f5b8e-5d0b-5f1b-9a52-3d1c1d7e8a10';
const at = (text: string): number => toMillis(`${text}+08:00`);
const NOW = at('2026-11-15T12:00:00');
const CUSTOMERS = 60;

/** Bought half a year ago: on the 181st day without another purchase a customer is a churn risk. */
const boughtOn = (n: number): string => ['2026-05-19', '2026-05-20'][n % 2]!;
const dueAt = (n: number): number => at(['2026-11-16T00:00:00', '2026-11-17T00:00:00'][n % 2]!);

describe('a machine that was suspended for 48 hours', () => {
  let folder = '';

  afterEach(async () => {
    await ClockedProcess.endAll();
    removeFolder(folder);
  });

  const customerOf = (n: number): string => uuid5(uuid5(NAMESPACE, `register ${n}`), 'customer');

  async function withBuyers(): Promise<ClockedProcess> {
    folder = temporaryFolder();
    const rapport = await ClockedProcess.start(folder, NOW);
    const send = (command: 'registerCustomer' | 'recordPurchase', name: string, payload: object) =>
      rapport.tell<{ id: string }>({ do: 'send', command, payload, commandId: uuid5(NAMESPACE, name) });
    for (let n = 0; n < CUSTOMERS; n += 1) {
      const registered = { name: `客户 ${n}`, kind: 'company', firstCooperationOn: '2020-01-01' };
      expect(await send('registerCustomer', `register ${n}`, registered)).toMatchObject({
        id: customerOf(n),
      });
      await send('recordPurchase', `buy ${n}`, {
        customerId: customerOf(n),
        purchasedOn: boughtOn(n),
        product: '年度服务',
        amount: { amount: '600000.00', currency: 'CNY' },
      });
    }
    await rapport.tell({ do: 'settle' });
    return rapport;
  }

  const ofStanding = (log: readonly RecordedEvent[], type: string) =>
    log.filter((event) => event.type === type && event.stream.startsWith('standing-'));

  /** Each once, with its true due, and in order of due as far as several side by side are. */
  async function expectAllFired(rapport: ClockedProcess): Promise<void> {
    const log = await rapport.tell<RecordedEvent[]>({ do: 'log' });
    const fired = ofStanding(log, deadlineEvents.DeadlineFired.type);
    const dueOf = new Map(Array.from({ length: CUSTOMERS }, (_, n) => [customerOf(n), toInstant(dueAt(n))]));
    expect(new Map(fired.map(({ customerId, occurredAt }) => [customerId, occurredAt]))).toEqual(dueOf);
    expect(fired).toHaveLength(CUSTOMERS);
    const risks = ofStanding(log, profileEvents.CustomerSegmentChanged.type).filter(
      ({ data }) => (data as { to: string }).to === 'churn-risk',
    );
    expect(new Map(risks.map(({ customerId, occurredAt }) => [customerId, occurredAt]))).toEqual(dueOf);
    expect(risks).toHaveLength(CUSTOMERS);
    const inOrder = fired.map(({ occurredAt }) => occurredAt);
    const displaced = inOrder.filter((due, n) => n > 0 && due < inOrder[n - 1]!).length;
    expect(displaced).toBeLessThanOrEqual(16);
  }

  it('fires everything once with its true due, in order, while commands go on, though it is killed meanwhile', async () => {
    const before = await withBuyers();
    await before.kill();
    const later = NOW + 48 * HOUR;
    let rapport = await ClockedProcess.start(folder, later);
    // Killed twice in the middle of the backlog, wherever that is.
    for (let kills = 0; kills < 2; kills += 1) {
      const sweeping = rapport.tell({ do: 'sweep' }).catch(() => undefined);
      await eventually(async () => {
        const log = await rapport.tell<RecordedEvent[]>({ do: 'log' });
        const fired = ofStanding(log, deadlineEvents.DeadlineFired.type).length;
        expect(fired).toBeGreaterThan(kills * 10);
      });
      await rapport.kill();
      await sweeping;
      rapport = await ClockedProcess.start(folder, later);
    }
    const sweeping = rapport.tell({ do: 'sweep' });
    // A command comes first on its stream, and finds what was overdue decided without it.
    await rapport.tell({
      do: 'send',
      command: 'recordPurchase',
      payload: {
        customerId: customerOf(CUSTOMERS - 1),
        purchasedOn: '2026-11-17',
        product: '年度服务',
        amount: { amount: '1000.00', currency: 'CNY' },
      },
    });
    await sweeping;
    await rapport.tell({ do: 'settle' });
    await rapport.tell({ do: 'sweep' });

    await expectAllFired(rapport);
    expect(await rapport.tell<string[]>({ do: 'alerts' })).toEqual([]);
  });

  it('and wakes up in the middle of a sweep, goes on with it, and fires what passed meanwhile once', async () => {
    const rapport = await withBuyers();
    // The first day's are due; the machine is suspended while they fire.
    await rapport.tell({ do: 'clock', at: NOW + 24 * HOUR });
    const sweeping = rapport.tell({ do: 'sweep' });
    await eventually(async () => {
      const log = await rapport.tell<RecordedEvent[]>({ do: 'log' });
      expect(ofStanding(log, deadlineEvents.DeadlineFired.type).length).toBeGreaterThan(0);
    });
    rapport.suspend();
    // What it is told while it is suspended it hears when it wakes up, two days later.
    const awake = rapport.tell({ do: 'clock', at: NOW + 48 * HOUR });
    const next = rapport.tell({ do: 'sweep' });
    rapport.resume();
    await Promise.all([sweeping, awake, next]);
    await rapport.tell({ do: 'settle' });
    await rapport.tell({ do: 'sweep' });
    await expectAllFired(rapport);
    expect(await rapport.tell<string[]>({ do: 'alerts' })).toEqual([]);
  });
});
