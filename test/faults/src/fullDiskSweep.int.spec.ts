import { afterEach, describe, expect, it } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deadlineEvents, parkingEvents, uuid5, type RecordedEvent } from '@rapport/contracts';
import { toInstant, toMillis } from '@rapport/platform';
import { eventually } from '@rapport/platform/testing';
import { ClockedProcess } from './harness/clockedProcess.ts';
import { MAY_MOUNT, smallDisk } from './harness/fileSystems.ts';

const NAMESPACE = '7f0f5b8e-5d0b-5f1b-9a52-3d1c1d7e8a11';
const at = (text: string): number => toMillis(`${text}+08:00`);
const NOW = at('2026-11-15T12:00:00');
const CUSTOMERS = 120;
/** Bought half a year ago: on the 181st day without another purchase a customer is a churn risk. */
const BOUGHT_ON = '2026-05-19';
const DUE = at('2026-11-16T00:00:00');
const onDisk = MAY_MOUNT ? it : it.skip;

describe('a disk that becomes full during a sweep', () => {
  afterEach(() => ClockedProcess.endAll());

  onDisk(
    'parks nothing and loses nothing: with room again every due fires once, with its true due',
    async () => {
      const disk = smallDisk(24)!;
      try {
        const ballast = join(disk.folder, 'ballast');
        const rapport = await ClockedProcess.start(join(disk.folder, 'data'), NOW);
        const send = (command: 'registerCustomer' | 'recordPurchase', name: string, payload: object) =>
          rapport.tell<{ id: string }>({ do: 'send', command, payload, commandId: uuid5(NAMESPACE, name) });
        const log = () => rapport.tell<RecordedEvent[]>({ do: 'log' });
        const fired = async () =>
          (await log()).filter(({ type }) => type === deadlineEvents.DeadlineFired.type);
        for (let n = 0; n < CUSTOMERS; n += 1) {
          const registered = { name: `客户 ${n}`, kind: 'company', firstCooperationOn: '2020-01-01' };
          const { id: customerId } = await send('registerCustomer', `register ${n}`, registered);
          await send('recordPurchase', `buy ${n}`, {
            customerId,
            purchasedOn: BOUGHT_ON,
            product: '年度服务',
            amount: { amount: '600000.00', currency: 'CNY' },
          });
        }
        await rapport.tell({ do: 'settle' });

        expect(() => writeFileSync(ballast, Buffer.alloc(64 * 1024 * 1024))).toThrow(/ENOSPC/);
        // What the log's files have room for is used up too.
        const fill = async (contacts: number, n = 0): Promise<void> => {
          const names = Array.from({ length: contacts }, (_, k) => ({ fullName: `${'名'.repeat(40)}${k}` }));
          const customer = { name: `填满 ${contacts}`, kind: 'company', contacts: names };
          await send('registerCustomer', `fill ${contacts} ${n}`, customer);
          await fill(contacts, n + 1);
        };
        for (const contacts of [50, 5, 1, 0]) await expect(fill(contacts)).rejects.toThrow();
        await rapport.tell({ do: 'clock', at: DUE + 3_600_000 });
        await rapport.tell({ do: 'sweep' }).catch(() => undefined);
        const before = (await fired()).length;
        expect(before).toBeLessThan(CUSTOMERS);

        rmSync(ballast);
        let later = DUE + 3_600_000;
        await eventually(async () => {
          await rapport.tell({ do: 'clock', at: (later += 60_000) });
          await rapport.tell({ do: 'sweep' });
          expect((await fired()).length).toBe(CUSTOMERS);
        });
        await rapport.tell({ do: 'settle' });
        await rapport.tell({ do: 'sweep' });
        const all = await fired();
        expect(new Set(all.map(({ customerId }) => customerId)).size).toBe(CUSTOMERS);
        expect(all).toHaveLength(CUSTOMERS);
        expect(new Set(all.map(({ occurredAt }) => occurredAt))).toEqual(new Set([toInstant(DUE)]));
        expect((await log()).filter(({ type }) => type === parkingEvents.KeyParked.type)).toEqual([]);
      } finally {
        await ClockedProcess.endAll();
        disk.remove();
      }
    },
    120_000,
  );
});
