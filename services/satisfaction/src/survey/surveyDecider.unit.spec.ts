import { describe, expect, it } from '@jest/globals';
import { event, SATISFACTION, satisfactionEvents, type AnswerSurvey } from '@rapport/contracts';
import { specification } from '@rapport/event-sourcing';
import { surveyDecider } from './surveyDecider.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const answerId = '0f5a7f6e-0000-5000-8000-000000000002';
const contactId = '0f5a7f6e-0000-5000-8000-000000000003';
const { given } = specification(surveyDecider);
const tier = { value: 'A', index: 12 } as const;
const policy = {
  name: 'satisfaction',
  version: 4,
  effectiveFrom: '2026-01-01T00:00:00.000Z',
  value: SATISFACTION.defaultValue,
};
const input: AnswerSurvey = {
  customerId,
  contactId,
  answeredOn: '2026-03-10',
  scores: { productQuality: 5, responseSpeed: 3 },
  nps: 9,
  comment: '希望更快',
};
const answered = event(satisfactionEvents.SurveyAnswered, {
  ...input,
  answerId,
  kind: 'relationship',
  period: '2026-Q1',
  tier,
});

function answer(
  overrides: Partial<AnswerSurvey> = {},
  value = policy.value,
  persons: readonly string[] = [],
) {
  return { answerId, input: { ...input, ...overrides }, tier, policy: { ...policy, value }, persons };
}

describe('answering a questionnaire', () => {
  it('R-090 keeps the scores by dimension, the recommendation, the comment, and the tier that was used', () => {
    given().when(answer()).then(answered);
    given()
      .when(answer())
      .thenDecision(({ events }) => expect(events[0]!.policies).toEqual({ satisfaction: 4 }));
  });

  it.each([
    ['2026-03-31', '2026-Q1'],
    ['2026-04-01', '2026-Q2'],
    ['2025-12-31', '2025-Q4'],
    ['2026-01-01', '2026-Q1'],
  ])('R-092 an answer on %s belongs to %s', (answeredOn, period) => {
    given()
      .when(answer({ answeredOn }), { now: '2026-05-01T00:00:00+08:00' })
      .thenDecision(({ events }) => expect(events[0]!.data).toMatchObject({ period }));
  });

  it('R-092 an answer of today happened now, one of another day at its start in Shanghai', () => {
    given()
      .when(answer())
      .thenDecision(({ events }) => expect(events[0]!.occurredAt).toBeUndefined());
    given()
      .when(answer({ answeredOn: '2026-03-09' }))
      .thenDecision(({ events }) => expect(events[0]!.occurredAt).toBe('2026-03-08T16:00:00.000Z'));
  });

  it('R-090 is not answered in the future', () => {
    given()
      .when(answer({ answeredOn: '2026-03-11' }))
      .thenRefused({ kind: 'invalid-input', field: 'answeredOn' });
  });

  it('R-090 answers at least one dimension', () => {
    given()
      .when(answer({ scores: {} }))
      .thenRefused({ kind: 'invalid-input', field: 'scores' });
    given()
      .when(answer({ scores: { productQuality: undefined } }))
      .thenRefused({ kind: 'invalid-input', field: 'scores' });
  });

  it('R-090 scores and recommendation lie on the scale of the policy', () => {
    const narrow = { ...policy.value, scale: { min: 1, max: 3 }, nps: { ...policy.value.nps, max: 8 } };
    given().when(answer({}, narrow)).thenRefused({ kind: 'invalid-input', field: 'scores.productQuality' });
    given()
      .when(answer({ scores: { productQuality: 3 } }, narrow))
      .thenRefused({ kind: 'invalid-input', field: 'nps' });
  });

  it('R-090 only what the policy asks for is answered', () => {
    const short = { ...policy.value, dimensions: policy.value.dimensions.slice(0, 1) };
    given().when(answer({}, short)).thenRefused({ kind: 'invalid-input', field: 'scores.responseSpeed' });
  });

  it('R-093 is answered once', () => {
    given(answered).when(answer()).thenRefused({ rule: 'R-090' });
  });

  it('R-100 is answered only while nobody whom it names is erased', () => {
    given()
      .when(answer({}, policy.value, [customerId, contactId]))
      .thenDecision(({ companions }) =>
        expect(companions).toMatchObject(
          [customerId, contactId].map((id) => ({ stream: `person-${id}`, expectedRevision: -1, events: [] })),
        ),
      );
  });
});
