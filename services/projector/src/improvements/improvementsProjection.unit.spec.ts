import { describe, expect, it } from '@jest/globals';
import { event, satisfactionEvents, type DomainEvent } from '@rapport/contracts';
import { documentsOf, inStream, sealed } from '../testing/folding.ts';
import { improvementsProjection, type ImprovementDocument } from './improvementsProjection.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const improvementId = '0f5a7f6e-0000-5000-8000-000000000002';

const feedback: DomainEvent = {
  type: satisfactionEvents.FeedbackReceived.type,
  data: {
    customerId,
    improvementId,
    receivedOn: '2026-03-01',
    problem: sealed('customer', customerId),
    serviceLink: '服务渠道',
  },
};
const draft = event(satisfactionEvents.ImprovementPlanned, {
  improvementId,
  state: 'draft',
  measure: '优化在线客服分流机制',
  missing: ['owner', 'dueOn'],
});
const planned = event(satisfactionEvents.ImprovementPlanned, {
  improvementId,
  state: 'planned',
  measure: '增设紧急响应专线',
  owner: '客户经理',
  dueOn: '2026-04-01',
  missing: [],
});
const checked = event(satisfactionEvents.ImprovementChecked, { improvementId, effect: '响应时效 100% 达标' });

function boardAfter(...events: readonly DomainEvent[]): ImprovementDocument {
  return documentsOf(improvementsProjection, inStream(`improvement-${improvementId}`, ...events)).get(
    improvementId,
  )!;
}

describe('the improvement board', () => {
  it('R-096 begins with the feedback that gave cause, the customer’s words sealed', () => {
    const board = boardAfter(feedback);
    expect(board).toMatchObject({
      id: improvementId,
      customerId,
      state: 'feedback',
      serviceLink: '服务渠道',
    });
    expect(board['problem']).toMatchObject({ alg: 'A256GCM', aad: expect.stringContaining('/problem') });
  });

  it('R-096 an incomplete plan is a draft that says what is missing', () => {
    expect(boardAfter(feedback, draft)).toMatchObject({
      state: 'draft',
      missing: ['owner', 'dueOn'],
      serviceLink: '服务渠道',
    });
  });

  it('R-096 a plan without feedback stands on the board too', () => {
    expect(boardAfter(planned)).toMatchObject({
      state: 'planned',
      owner: '客户经理',
      createdAt: '2026-03-10T00:00:00.000Z',
    });
  });

  it('R-096 shows the effect once it was checked, and keeps when the round began', () => {
    expect(boardAfter(feedback, planned, checked)).toMatchObject({
      state: 'checked',
      effect: '响应时效 100% 达标',
      checkedAt: '2026-03-10T02:00:00.000Z',
      createdAt: '2026-03-10T00:00:00.000Z',
      revision: 2,
    });
  });
});
