import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RISK_MATRIX, streamName } from '@rapport/contracts';
import { RiskModule } from '@rapport/service-risk';
import { eventually } from '@rapport/platform/testing';
import { givenCustomer } from './harness/customers.ts';
import { idOf, World } from './harness/world.ts';

describe('the risk service, alone', () => {
  let world: World;
  let customerId: string;
  const identify = { kind: 'late-payment', source: '财务月报', evidence: '逾期 45 天' };

  beforeEach(async () => {
    world = await World.open();
    customerId = await givenCustomer(world, '科技有限公司');
    await world.start(RiskModule);
  });

  afterEach(() => world.close());

  it('R-080 R-081 R-082 identifies a risk and assesses it by the matrix', async () => {
    const { id: riskId } = await world.send('identifyRisk', { customerId, ...identify });
    await world.send('assessRisk', {
      riskId,
      likelihood: 3,
      impact: 5,
      factors: ['finances'],
      note: '现金流紧张',
    });
    const [identified, assessed] = await world.stream(streamName('risk', riskId));
    expect(identified).toMatchObject({
      customerId,
      data: { riskId, kind: 'late-payment', evidence: { alg: 'A256GCM' } },
    });
    expect(assessed).toMatchObject({
      customerId,
      policies: { 'risk-matrix': 1 },
      data: {
        score: 15,
        level: 'critical',
        reassess: 'monthly',
        needsControl: true,
        acceptanceNeedsManager: true,
      },
    });
  });

  it('R-081 assesses by the policy in force, and keeps its version', async () => {
    const { id: riskId } = await world.send('identifyRisk', { customerId, ...identify });
    const levels = RISK_MATRIX.defaultValue.levels.map((level, n) => ({
      ...level,
      fromScore: [1, 2, 3, 4][n],
    }));
    await world.send('changeRiskPolicy', {
      policy: 'risk-matrix',
      value: { scale: 5, levels },
      effectiveFrom: '2026-03-10T10:01:00+08:00',
    });
    world.clock.moveTo(Date.parse('2026-03-10T10:01:00+08:00'));
    await eventually(async () => {
      const { revision } = await world.send('assessRisk', { riskId, likelihood: 2, impact: 2 });
      expect((await world.stream(streamName('risk', riskId)))[revision]).toMatchObject({
        policies: { 'risk-matrix': 2 },
        data: { score: 4, level: 'critical' },
      });
    });
  });

  it('R-080 unknown customers and risks are not found', async () => {
    await expect(
      world.send('identifyRisk', { customerId: idOf('nobody'), ...identify }),
    ).rejects.toMatchObject({
      kind: 'not-found',
    });
    await expect(
      world.send('assessRisk', { riskId: idOf('no risk'), likelihood: 1, impact: 1 }),
    ).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('R-081 If-Match: two who assess the same revision do not overwrite each other', async () => {
    const { id: riskId, revision } = await world.send('identifyRisk', { customerId, ...identify });
    const assessments = await Promise.allSettled(
      [1, 5].map((likelihood) =>
        world.send('assessRisk', { riskId, likelihood, impact: 1 }, { ifRevision: revision }),
      ),
    );
    expect(assessments.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(assessments.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { kind: 'precondition-failed', details: { errors: [{ field: 'If-Match' }] } },
    });
  });
});
