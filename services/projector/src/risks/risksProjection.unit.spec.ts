import { describe, expect, it } from '@jest/globals';
import { riskEvents } from '@rapport/contracts';
import { documentsOf, recorded, sealed } from '../testing/folding.ts';
import { risksProjection } from './risksProjection.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const riskId = '0f5a7f6e-0000-5000-8000-000000000002';
const words = sealed('customer', customerId);

const identified = recorded(
  {
    type: riskEvents.RiskIdentified.type,
    data: {
      customerId,
      riskId,
      kind: 'late-payment',
      source: '财务月报',
      evidence: words,
      identifiedAt: '2026-03-09T02:00:00.000Z',
    },
  },
  { index: 0, revision: 0 },
);
const assessed = (likelihood: number, impact: number, level: string, revision: number, note?: object) =>
  recorded(
    {
      type: riskEvents.RiskAssessed.type,
      data: {
        customerId,
        riskId,
        likelihood,
        impact,
        score: likelihood * impact,
        level,
        reassess: 'monthly',
        needsControl: true,
        acceptanceNeedsManager: true,
        factors: ['finances'],
        ...(note !== undefined && { note }),
      },
    },
    {
      index: revision,
      revision,
      occurredAt: `2026-03-1${revision}T00:00:00.000Z`,
      policies: { 'risk-matrix': 4 },
    },
  );

describe('the risk register', () => {
  it('R-080 holds a new risk below every assessed one, its evidence sealed', () => {
    const risk = documentsOf(risksProjection, [identified]).get(riskId)!;
    expect(risk).toMatchObject({
      id: riskId,
      customerId,
      kind: 'late-payment',
      source: '财务月报',
      level: null,
      score: 0,
    });
    expect(risk['evidence']).toMatchObject({ alg: 'A256GCM', aad: expect.stringContaining('/evidence') });
    expect(risk).not.toHaveProperty('riskId');
  });

  it('R-081 shows the latest assessment, when it was made and by which matrix', () => {
    const history = [identified, assessed(5, 4, 'critical', 1, words), assessed(2, 4, 'medium', 2)];
    const risk = documentsOf(risksProjection, history).get(riskId)!;
    expect(risk).toMatchObject({
      likelihood: 2,
      impact: 4,
      score: 8,
      level: 'medium',
      assessedAt: '2026-03-12T00:00:00.000Z',
      policyVersion: 4,
      revision: 2,
    });
    expect(documentsOf(risksProjection, history.slice(0, 2)).get(riskId)!['note']).toMatchObject({
      aad: expect.stringContaining('/note'),
    });
  });

  it('R-081 a note belongs to its assessment: the next one does not inherit it', () => {
    const history = [identified, assessed(5, 4, 'critical', 1, words), assessed(2, 4, 'medium', 2)];
    expect(documentsOf(risksProjection, history).get(riskId)).not.toHaveProperty('note');
  });

  it('makes nothing of a risk whose identification it has not seen', () => {
    expect(risksProjection.fold(undefined, assessed(1, 1, 'low', 1), riskId)).toBeUndefined();
  });
});
