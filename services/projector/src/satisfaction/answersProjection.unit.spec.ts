import { describe, expect, it } from '@jest/globals';
import { event, satisfactionEvents } from '@rapport/contracts';
import { documentsOf, recorded, sealed } from '../testing/folding.ts';
import { answersProjection } from './answersProjection.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const answerId = '0f5a7f6e-0000-5000-8000-000000000002';
const answer = {
  customerId,
  answerId,
  kind: 'relationship',
  answeredOn: '2026-02-03',
  period: '2026-Q1',
  scores: { productQuality: 4, responseSpeed: 2 },
  nps: 8,
  tier: { value: 'B', index: 17 },
} as const;

describe('the satisfaction view', () => {
  it('R-090 R-092 keeps an answer with its scores, its period and the tier that the customer had', () => {
    const answered = recorded(event(satisfactionEvents.SurveyAnswered, answer), { index: 20 });
    expect(documentsOf(answersProjection, [answered]).get(answerId)).toEqual({
      customerId,
      answerId,
      kind: 'relationship',
      answeredOn: '2026-02-03',
      period: '2026-Q1',
      scores: { productQuality: 4, responseSpeed: 2 },
      nps: 8,
      tier: 'B',
      index: 20,
    });
  });

  it('R-100 leaves a comment sealed', () => {
    const data = { ...answer, comment: sealed('customer', customerId) };
    const answered = recorded({ type: satisfactionEvents.SurveyAnswered.type, data });
    expect(documentsOf(answersProjection, [answered]).get(answerId)!['comment']).toMatchObject({
      alg: 'A256GCM',
      aad: expect.stringContaining('/comment'),
    });
  });
});
