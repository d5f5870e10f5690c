import { beginning, dateIn, required, scoreIn, wordIn } from '../fields.ts';
import type { ImportKind } from '../importKind.ts';

/** Words of the column 服务类型 (003). */
const KINDS = {
  咨询: 'inquiry',
  投诉: 'complaint',
  建议: 'suggestion',
  技术支持: 'support',
  回访: 'return-visit',
} as const;

/** service records of 003. A 回访 is an interaction with purpose return visit. */
export const serviceRecords: ImportKind = {
  name: 'service-records',
  columns: [
    { name: 'customer', headers: ['客户名称', 'customer'], required: true },
    { name: 'contact', headers: ['联系人', 'contact'], required: true },
    { name: 'servedOn', headers: ['服务日期', 'date'], required: true },
    { name: 'kind', headers: ['服务类型', 'kind'], required: true },
    { name: 'problem', headers: ['问题描述', 'problem'], required: true },
    { name: 'result', headers: ['处理结果', 'result'], required: true },
    { name: 'servedBy', headers: ['服务人员', 'served by'], required: true },
    { name: 'satisfaction', headers: ['客户满意度评分', 'satisfaction'] },
    { name: 'remark', headers: ['备注', 'remark'] },
  ],

  async commands(row, context) {
    const servedOn = dateIn(required(row, 'servedOn', '服务日期'), '服务日期');
    const kind = wordIn(required(row, 'kind', '服务类型'), '服务类型', KINDS);
    const problem = required(row, 'problem', '问题描述');
    const result = required(row, 'result', '处理结果');
    const servedByName = required(row, 'servedBy', '服务人员');
    const satisfaction =
      row['satisfaction'] === undefined ? undefined : scoreIn(row['satisfaction'], '客户满意度评分', 1, 5);
    const customerId = await context.customer(required(row, 'customer', '客户名称'));
    const contactId = await context.contact(customerId, required(row, 'contact', '联系人'));
    const commandId = context.commandId('service-records', ...content(row), context.occurrence);
    const occurredAt = beginning(servedOn);
    const servedBy = context.staff(servedByName);
    const scored = satisfaction !== undefined && { satisfaction };
    if (kind === 'return-visit') {
      const payload = {
        customerId,
        channel: 'call',
        direction: 'outbound',
        purpose: 'return-visit',
        startedAt: occurredAt,
        endedAt: occurredAt,
        participants: [contactId],
        madeBy: servedBy,
        madeByName: servedByName,
        content: `${problem}\n${result}`,
        ...(row['remark'] !== undefined && { feedback: row['remark'] }),
        ...scored,
      };
      return [{ command: 'recordInteraction', commandId, payload, occurredAt }];
    }
    const payload = {
      customerId,
      contactId,
      servedOn,
      kind,
      problem,
      result,
      servedBy,
      servedByName,
      ...scored,
      ...(row['remark'] !== undefined && { remark: row['remark'] }),
    };
    return [{ command: 'recordService', commandId, payload, occurredAt }];
  },
};

/** The row's content in a fixed order: its identity where it has no business key. */
export function content(row: Readonly<Record<string, string>>): string[] {
  return Object.keys(row)
    .sort()
    .flatMap((name) => [name, row[name]!]);
}
