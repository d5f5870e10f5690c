import type { Make, Making } from './commandRequests.ts';
import { daysAgo } from './days.ts';
import type { SoakRequest } from './request.ts';

/** Rows of one file. */
export const ROWS = 20;

type Values = Readonly<Record<string, string>>;

/** Rows of a file, as the import tool sends them; they know by themselves whether they are there already. */
function rowsOf(kind: string, name: string, rows: readonly Values[]): SoakRequest {
  return {
    kind: name,
    group: 'import',
    role: 'data-steward',
    method: 'POST',
    path: `/api/imports/${kind}`,
    body: { rows: rows.map((values, n) => ({ line: n + 2, occurrence: 0, values })) },
  };
}

const rows = (valuesOf: (n: number) => Values): readonly Values[] =>
  Array.from({ length: ROWS }, (_, n) => valuesOf(n));

export const IMPORTS = {
  importCustomers: ({ number }: Making) =>
    rowsOf(
      'customers',
      'importCustomers',
      rows((n) => ({
        name: `进口贸易 ${number}-${n}`,
        kind: '企业',
        externalId: `ERP-${number}-${n}`,
        contact: '赵敏',
      })),
    ),

  importPurchases: ({ base, random, number }: Making) => {
    const customers = rows(() => ({ customer: base.customer()?.name ?? '' }));
    if (customers.some(({ customer }) => customer === '')) return undefined;
    return rowsOf(
      'purchases',
      'importPurchases',
      customers.map((customer, n) => ({
        ...customer,
        purchasedOn: daysAgo(random.below(300)),
        product: '进口设备',
        amount: '12000.00',
        orderNumber: `ORDER-${number}-${n}`,
      })),
    );
  },
} as const satisfies Readonly<Record<string, Make>>;
