import { describe, expect, it } from '@jest/globals';
import { Problem } from '@rapport/platform';
import type { ImportTarget } from './importTarget.ts';
import { IMPORT_KINDS } from './kinds/index.ts';
import { recordedBefore } from './recordedBefore.ts';

const purchases = IMPORT_KINDS.get('purchases')!;
const recorded = { stream: 'purchases-1-2026', revision: 3 };
const reused = new Problem({ kind: 'idempotency-key-reused', detail: 'Another request.', recorded });
const stands = (amount: unknown) => ({ purchasedOn: '2026-01-05', product: '许可', amount });
const asked = (data: Record<string, unknown>) =>
  ({ recordedAt: async (place: unknown) => (expect(place).toEqual(recorded), data) }) as ImportTarget & {
    recordedAt: ImportTarget['recordedAt'];
  };
const row = (values: Record<string, string>) => ({ line: 2, occurrence: 0, values });

describe('a row that was taken over before with other content', () => {
  it('R-003 says in the columns of the file what stands there', async () => {
    const target = asked(stands({ amount: '600000.00', currency: 'USD', rate: '7.1', cny: '4260000.00' }));
    expect(await recordedBefore(reused, purchases, row({ orderNumber: 'D-1' }), target)).toMatchObject({
      name: 'RowError',
      message:
        '订单号 D-1: was taken over before as 购买日期 2026-01-05, 产品 许可, 金额 600000.00, 币种 USD, 汇率 7.1; ' +
        'this row says something else. Correct the record there, or give the row a 订单号 of its own',
    });
  });

  it('R-100 hides what the importer may not see', async () => {
    const target = asked(stands({ masked: true, class: 'confidential' }));
    const told = await recordedBefore(reused, purchases, row({ orderNumber: 'D-1' }), target);
    expect((told as Error).message).toContain('金额 (hidden from your role)');
  });

  it('leaves every other refusal as it is, and rows that are known by their content', async () => {
    const other = new Problem({ kind: 'not-found', detail: 'There is no such customer.' });
    expect(await recordedBefore(other, purchases, row({ orderNumber: 'D-1' }), asked({}))).toBe(other);
    expect(await recordedBefore(reused, purchases, row({}), asked({}))).toBe(reused);
  });
});
