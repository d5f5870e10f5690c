import { dateIn, required, wordIn } from '../fields.ts';
import type { ImportKind } from '../importKind.ts';

const KINDS = {
  企业: 'company',
  公司: 'company',
  company: 'company',
  个人: 'individual',
  individual: 'individual',
} as const;
const YES_NO = { 是: true, 否: false, yes: true, no: false } as const;

/** Customers with one contact a row. The business key is the external id, else the name. */
export const customers: ImportKind = {
  name: 'customers',
  columns: [
    { name: 'name', headers: ['客户名称', 'name'], required: true },
    { name: 'kind', headers: ['客户类型', 'kind'] },
    { name: 'externalId', headers: ['客户编号', 'external id'] },
    { name: 'industry', headers: ['行业代码', 'industry'] },
    { name: 'creditCode', headers: ['统一社会信用代码', 'credit code'] },
    { name: 'region', headers: ['地区', 'region'] },
    { name: 'firstCooperationOn', headers: ['首次合作日期', 'first cooperation'] },
    { name: 'contact', headers: ['联系人', 'contact'] },
    { name: 'position', headers: ['职务', 'position'] },
    { name: 'phone', headers: ['电话', 'phone'] },
    { name: 'email', headers: ['邮箱', 'email'] },
    { name: 'decisionMaker', headers: ['决策人', 'decision maker'] },
  ],

  businessKey: (row) => (row['externalId'] === undefined ? 'name' : 'externalId'),

  columnsOf: (data) => data,

  async commands(row, context) {
    const name = required(row, 'name', '客户名称');
    const kind = row['kind'] === undefined ? 'company' : wordIn(row['kind'], '客户类型', KINDS);
    const key = row['externalId'] ?? name;
    const contact = row['contact'] !== undefined && {
      contacts: [
        {
          fullName: row['contact'],
          ...(row['position'] !== undefined && { position: row['position'] }),
          ...(row['phone'] !== undefined && { phone: phoneIn(row['phone']) }),
          ...(row['email'] !== undefined && { email: row['email'] }),
          ...(row['decisionMaker'] !== undefined && {
            isDecisionMaker: (wordIn as (text: string, column: string, words: object) => unknown)(
              row['decisionMaker'],
              '决策人',
              YES_NO,
            ),
          }),
        },
      ],
    };
    const optional = (['externalId', 'industry', 'creditCode', 'region'] as const)
      .filter((field) => row[field] !== undefined)
      .map((field) => [field, row[field]]);
    return [
      {
        command: 'registerCustomer',
        commandId: context.commandId('customers', kind, key),
        payload: {
          name,
          kind,
          source: 'import',
          ...Object.fromEntries(optional),
          ...(row['firstCooperationOn'] !== undefined && {
            firstCooperationOn: dateIn(row['firstCooperationOn'], '首次合作日期'),
          }),
          ...contact,
        },
      },
    ];
  },
};

/** Mobile numbers without country code are Chinese ones. */
function phoneIn(text: string): string {
  const digits = text.replaceAll(/[\s-]/g, '');
  return /^1[3-9]\d{9}$/.test(digits) ? `+86${digits}` : digits;
}
