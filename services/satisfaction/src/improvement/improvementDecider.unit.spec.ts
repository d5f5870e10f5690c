import { describe, expect, it } from '@jest/globals';
import { event, satisfactionEvents, type PlanImprovement, type ReceiveFeedback } from '@rapport/contracts';
import { specification } from '@rapport/event-sourcing';
import { improvementDecider } from './improvementDecider.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const improvementId = '0f5a7f6e-0000-5000-8000-000000000002';
const { given } = specification(improvementDecider);
const complete: PlanImprovement = {
  measure: '增加售后客服3名',
  owner: '主管',
  dueOn: '2024-06-30',
  resources: '招聘预算、培训',
  expectedEffect: '响应时间缩短至24小时内',
};
const feedback: ReceiveFeedback = {
  customerId,
  receivedOn: '2024-03-20',
  problem: 'A类客户响应时效不稳定',
  serviceLink: '服务执行',
  measure: '增设A类客户紧急响应专线',
  owner: '客户经理',
  dueOn: '2024-04-01',
  effect: '后续A类客户响应时效100%达标',
};
const received = event(satisfactionEvents.FeedbackReceived, {
  customerId,
  improvementId,
  receivedOn: '2024-03-20',
  problem: 'A类客户响应时效不稳定',
  serviceLink: '服务执行',
});

describe('planning an improvement', () => {
  it('R-096 a plan has measure, owner, due date, resources and expected effect', () => {
    given()
      .when({ do: 'plan', improvementId, input: complete })
      .then(
        event(satisfactionEvents.ImprovementPlanned, {
          ...complete,
          improvementId,
          state: 'planned',
          missing: [],
        }),
      );
  });

  it.each(['owner', 'dueOn', 'resources', 'expectedEffect'] as const)(
    'R-096 a plan without %s is a draft that says so',
    (field) => {
      const { [field]: _missing, ...input } = complete;
      given()
        .when({ do: 'plan', improvementId, input })
        .then(
          event(satisfactionEvents.ImprovementPlanned, {
            ...input,
            improvementId,
            state: 'draft',
            missing: [field],
          }),
        );
    },
  );

  it('R-096 a bare measure lacks everything else, in the order of the form', () => {
    given()
      .when({ do: 'plan', improvementId, input: { measure: '优化' } })
      .thenDecision(({ events }) =>
        expect(events[0]!.data).toMatchObject({
          state: 'draft',
          missing: ['owner', 'dueOn', 'resources', 'expectedEffect'],
        }),
      );
  });

  it('R-096 is planned once', () => {
    given(received).when({ do: 'plan', improvementId, input: complete }).thenRefused({ rule: 'R-096' });
  });
});

describe('receiving feedback', () => {
  it('R-096 R-099 becomes feedback, a plan complete by its own form, and what was observed', () => {
    given()
      .when({ do: 'receive-feedback', improvementId, input: feedback, persons: [] })
      .then(
        received,
        event(satisfactionEvents.ImprovementPlanned, {
          customerId,
          improvementId,
          state: 'planned',
          measure: '增设A类客户紧急响应专线',
          owner: '客户经理',
          dueOn: '2024-04-01',
          missing: [],
        }),
        event(satisfactionEvents.ImprovementChecked, {
          customerId,
          improvementId,
          effect: '后续A类客户响应时效100%达标',
        }),
      );
  });

  it('R-096 without owner, due date and effect it is a draft and unchecked', () => {
    const { owner: _owner, dueOn: _dueOn, effect: _effect, ...input } = feedback;
    given()
      .when({ do: 'receive-feedback', improvementId, input, persons: [] })
      .then(
        received,
        event(satisfactionEvents.ImprovementPlanned, {
          customerId,
          improvementId,
          state: 'draft',
          measure: '增设A类客户紧急响应专线',
          missing: ['owner', 'dueOn'],
        }),
      );
  });

  it('R-096 the feedback happened on its day, the plan when it is recorded', () => {
    given()
      .when({ do: 'receive-feedback', improvementId, input: feedback, persons: [] })
      .thenDecision(({ events }) => {
        expect(events.map(({ occurredAt }) => occurredAt)).toEqual([
          '2024-03-19T16:00:00.000Z',
          undefined,
          undefined,
        ]);
      });
  });

  it('R-096 is not received in the future', () => {
    given()
      .when({
        do: 'receive-feedback',
        improvementId,
        input: { ...feedback, receivedOn: '2026-03-11' },
        persons: [],
      })
      .thenRefused({ kind: 'invalid-input', field: 'receivedOn' });
  });

  it('R-100 of an individual is received only while they are not erased', () => {
    given()
      .when({ do: 'receive-feedback', improvementId, input: feedback, persons: [customerId] })
      .thenDecision(({ companions }) =>
        expect(companions).toMatchObject([
          { stream: `person-${customerId}`, expectedRevision: -1, events: [] },
        ]),
      );
  });
});
