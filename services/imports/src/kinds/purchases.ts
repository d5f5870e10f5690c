import { amountIn, beginning, dateIn, required } from '../fields.ts';
import type { ImportKind } from '../importKind.ts';
import { content } from './serviceRecords.ts';

/**
 * Purchases and refunds; a refund has a negative amount. The business key is the order number.
 * A purchase is no first contact: its customer is there, or the name is wrong.
 */
export const purchases: ImportKind = {
  name: 'purchases',
  columns: [
    { name: 'customer', headers: ['客户名称', 'customer'], required: true },
    { name: 'purchasedOn', headers: ['购买日期', 'date'], required: true },
    { name: 'product', headers: ['产品', 'product'], required: true },
    { name: 'amount', headers: ['金额', 'amount'], required: true },
    { name: 'currency', headers: ['币种', 'currency'] },
    { name: 'rate', headers: ['汇率', 'rate'] },
    { name: 'orderNumber', headers: ['订单号', 'order number'] },
  ],

  businessKey: (row) => (row['orderNumber'] === undefined ? undefined : 'orderNumber'),

  columnsOf({ purchasedOn, product, amount }) {
    const clear = amount as Partial<Record<'amount' | 'currency' | 'rate', string>>;
    if (clear.amount === undefined) return { purchasedOn, product, amount };
    return { purchasedOn, product, amount: clear.amount, currency: clear.currency, rate: clear.rate };
  },

  async commands(row, context) {
    const purchasedOn = dateIn(required(row, 'purchasedOn', '购买日期'), '购买日期');
    const amount = amountIn(required(row, 'amount', '金额'), '金额');
    const customerId = await context.knownCustomer(required(row, 'customer', '客户名称'), '客户名称');
    const key =
      row['orderNumber'] === undefined
        ? [...content(row), context.occurrence]
        : ['order', row['orderNumber']];
    return [
      {
        command: 'recordPurchase',
        commandId: context.commandId('purchases', ...key),
        payload: {
          customerId,
          purchasedOn,
          product: required(row, 'product', '产品'),
          amount: { amount, currency: row['currency'] ?? 'CNY' },
          ...(row['rate'] !== undefined && { rate: row['rate'] }),
        },
        occurredAt: beginning(purchasedOn),
      },
    ];
  },
};
