import { beginning, dateIn, required } from '../fields.ts';
import type { ImportKind } from '../importKind.ts';
import { content } from './serviceRecords.ts';

/** Feedback and the improvement that answers it, of 003. */
export const feedbackImprovements: ImportKind = {
  name: 'feedback-improvements',
  columns: [
    { name: 'receivedOn', headers: ['反馈日期', 'date'], required: true },
    { name: 'customer', headers: ['客户名称', 'customer'], required: true },
    { name: 'problem', headers: ['反馈问题', 'problem'], required: true },
    { name: 'serviceLink', headers: ['涉及服务环节', 'service link'], required: true },
    { name: 'measure', headers: ['改进措施', 'measure'], required: true },
    { name: 'owner', headers: ['责任人', 'owner'] },
    { name: 'dueOn', headers: ['完成时限', 'due'] },
    { name: 'effect', headers: ['改进效果验证', 'effect'] },
  ],

  async commands(row, context) {
    const receivedOn = dateIn(required(row, 'receivedOn', '反馈日期'), '反馈日期');
    const customerId = await context.customer(required(row, 'customer', '客户名称'));
    return [
      {
        command: 'receiveFeedback',
        commandId: context.commandId('feedback-improvements', ...content(row), context.occurrence),
        payload: {
          customerId,
          receivedOn,
          problem: required(row, 'problem', '反馈问题'),
          serviceLink: required(row, 'serviceLink', '涉及服务环节'),
          measure: required(row, 'measure', '改进措施'),
          ...(row['owner'] !== undefined && { owner: ownerOf(row['owner'], context.staff) }),
          ...(row['dueOn'] !== undefined && { dueOn: dateIn(row['dueOn'], '完成时限') }),
          ...(row['effect'] !== undefined && { effect: row['effect'] }),
        },
        occurredAt: beginning(receivedOn),
      },
    ];
  },
};

/** Roles that the handbooks name as responsible; anything else is taken for a name and becomes an opaque id. */
const ROLE = /(经理|主管|总监|专员|客服|部|组|负责人)$/;

export function ownerOf(owner: string, staff: (name: string) => string): string {
  return ROLE.test(owner) && owner.length > 1 && !/^[\u4e00-\u9fff](经理|总监)$/.test(owner)
    ? owner
    : roleOrStaff(owner, staff);
}

const BARE_ROLES: ReadonlySet<string> = new Set(['经理', '主管', '总监', '专员']);

function roleOrStaff(owner: string, staff: (name: string) => string): string {
  return BARE_ROLES.has(owner) ? owner : staff(owner);
}
