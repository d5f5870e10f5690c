import { describe, expect, it } from '@jest/globals';
import { event, RISK_MATRIX, riskEvents, type AssessRisk, type IdentifyRisk } from '@rapport/contracts';
import { specification } from '@rapport/event-sourcing';
import { riskDecider } from './riskDecider.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const riskId = '0f5a7f6e-0000-5000-8000-000000000002';
const { given } = specification(riskDecider);
const policy = {
  name: 'risk-matrix',
  version: 2,
  effectiveFrom: '2026-01-01T00:00:00.000Z',
  value: RISK_MATRIX.defaultValue,
};
const found: IdentifyRisk = { customerId, kind: 'late-payment', source: '财务月报', evidence: '逾期 45 天' };
const identified = event(riskEvents.RiskIdentified, {
  customerId,
  riskId,
  kind: 'late-payment',
  source: '财务月报',
  evidence: '逾期 45 天',
  identifiedAt: '2026-03-10T02:00:00.000Z',
});

function assess(input: AssessRisk, value = policy.value, ofCompany = true) {
  return { do: 'assess', input, policy: { ...policy, value }, ofCompany } as const;
}

describe('identifying a risk', () => {
  it('R-080 keeps kind, source and evidence; identified now where nothing else is said', () => {
    given().when({ do: 'identify', riskId, input: found, persons: [] }).then(identified);
  });

  it('R-080 happened when it was identified', () => {
    given()
      .when({
        do: 'identify',
        riskId,
        input: { ...found, identifiedAt: '2026-03-01T08:00:00+08:00' },
        persons: [],
      })
      .thenDecision(({ events }) => expect(events[0]!.occurredAt).toBe('2026-03-01T00:00:00.000Z'));
  });

  it('R-080 is not identified in the future', () => {
    given()
      .when({
        do: 'identify',
        riskId,
        input: { ...found, identifiedAt: '2026-03-10T10:00:00.001+08:00' },
        persons: [],
      })
      .thenRefused({ kind: 'invalid-input', field: 'identifiedAt' });
  });

  it('R-080 is identified once', () => {
    given(identified)
      .when({ do: 'identify', riskId, input: found, persons: [] })
      .thenRefused({ rule: 'R-080' });
  });
});

describe('assessing a risk', () => {
  it('R-081 R-082 a high risk is assessed monthly, needs a control, and a manager to accept it', () => {
    given(identified)
      .when(assess({ likelihood: 2, impact: 5, factors: ['finances', 'finances'], note: '现金流紧张' }))
      .then(
        event(riskEvents.RiskAssessed, {
          customerId,
          riskId,
          likelihood: 2,
          impact: 5,
          score: 10,
          level: 'high',
          reassess: 'monthly',
          needsControl: true,
          acceptanceNeedsManager: true,
          factors: ['finances'],
          note: '现金流紧张',
        }),
      );
  });

  it('R-081 a low risk is assessed quarterly and obliges to nothing', () => {
    given(identified)
      .when(assess({ likelihood: 2, impact: 2 }))
      .thenDecision(({ events }) => {
        expect(events[0]).toMatchObject({
          data: {
            level: 'low',
            reassess: 'quarterly',
            needsControl: false,
            acceptanceNeedsManager: false,
            factors: [],
          },
          policies: { 'risk-matrix': 2 },
        });
      });
  });

  it('R-081 every assessment is a fact, also an unchanged one', () => {
    const command = assess({ likelihood: 1, impact: 1 });
    given(identified)
      .when(command)
      .thenDecision(({ events }) => {
        given(identified, events[0]!).when(command).then(events[0]!);
      });
  });

  it('R-081 what lies beyond the scale of the policy is refused by field', () => {
    const narrow = { ...policy.value, scale: 3 };
    given(identified)
      .when(assess({ likelihood: 4, impact: 1 }, narrow))
      .thenRefused({ kind: 'invalid-input', field: 'likelihood' });
    given(identified)
      .when(assess({ likelihood: 3, impact: 5 }, narrow))
      .thenRefused({ kind: 'invalid-input', field: 'impact' });
  });

  it('R-081 unknown risks are not found', () => {
    given()
      .when(assess({ likelihood: 1, impact: 1 }))
      .thenRefused({ kind: 'not-found' });
  });
});

describe('R-100 a risk of an individual', () => {
  const unlessErased = [{ stream: `person-${customerId}`, expectedRevision: -1, events: [] }];
  const assessment = { likelihood: 1, impact: 1 };

  it('R-100 is identified and assessed only while the individual is not erased', () => {
    given()
      .when({ do: 'identify', riskId, input: found, persons: [customerId] })
      .thenDecision(({ companions }) => expect(companions).toMatchObject(unlessErased));
    given(identified)
      .when(assess(assessment, policy.value, false))
      .thenDecision(({ companions }) => expect(companions).toMatchObject(unlessErased));
  });

  it('R-100 a company is no person', () => {
    given(identified)
      .when(assess(assessment))
      .thenDecision(({ companions }) => expect(companions).toBeUndefined());
  });
});
