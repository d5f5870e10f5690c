import { describe, expect, it } from '@jest/globals';
import { event, ledgerEvents, RECORDING, RISK_MATRIX } from '@rapport/contracts';
import { specification } from '../testing/deciderSpecification.ts';
import { policyDecider, type ChangePolicyCommand } from './policyDecider.ts';

const { given } = specification(policyDecider);
const now = '2026-03-10T10:00:00+08:00';
const change: ChangePolicyCommand = {
  policy: 'recording',
  value: { interactionHours: 48, majorEventHours: 24 },
  effectiveFrom: '2026-03-10T10:01:00+08:00',
  reason: '试点',
};
const changed = event(ledgerEvents.PolicyChanged, {
  policy: 'recording',
  version: 2,
  effectiveFrom: '2026-03-10T02:01:00.000Z',
  value: { interactionHours: 48, majorEventHours: 24 },
  reason: '试点',
});

describe('changing a policy', () => {
  it('is a new version, in force 60 s after it is recorded at the earliest', () => {
    given().when(change, { now }).then(changed);
    given()
      .when({ ...change, effectiveFrom: '2026-03-10T10:00:59.999+08:00' }, { now })
      .thenRefused({ kind: 'invalid-input', field: 'effectiveFrom' });
  });

  it('counts versions on from the default, which is 1', () => {
    given(changed)
      .when(change, { now })
      .thenDecision(({ events }) => expect(events[0]!.data).toMatchObject({ version: 3 }));
  });

  it('refuses a value that does not fit the schema, by field', () => {
    given()
      .when({ ...change, value: { interactionHours: 0, majorEventHours: 24 } }, { now })
      .thenRefused({ kind: 'invalid-input', field: 'value.interactionHours' });
    given()
      .when({ ...change, value: { interactionHours: 1 } }, { now })
      .thenRefused({ kind: 'invalid-input' });
    given()
      .when({ ...change, value: { ...RECORDING.defaultValue, more: 1 } }, { now })
      .thenRefused({ kind: 'invalid-input' });
  });

  it('refuses a value that is not sound, by field', () => {
    const levels = RISK_MATRIX.defaultValue.levels.map((level) => ({
      ...level,
      fromScore: level.fromScore + 1,
    }));
    given()
      .when({ ...change, policy: 'risk-matrix', value: { scale: 5, levels } }, { now })
      .thenRefused({ kind: 'invalid-input', field: 'value.levels[0].fromScore' });
  });

  it('knows the policies of contracts only', () => {
    given()
      .when({ ...change, policy: 'unknown' }, { now })
      .thenRefused({ kind: 'not-found' });
    given()
      .when({ ...change, policy: 'constructor' }, { now })
      .thenRefused({ kind: 'not-found' });
  });
});
