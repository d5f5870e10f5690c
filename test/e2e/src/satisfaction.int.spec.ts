import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SATISFACTION, streamName } from '@rapport/contracts';
import { SatisfactionModule } from '@rapport/service-satisfaction';
import { givenCustomer, givenTier } from './harness/customers.ts';
import { idOf, World } from './harness/world.ts';

describe('the satisfaction service, alone', () => {
  let world: World;
  let customerId: string;

  beforeEach(async () => {
    world = await World.open();
    customerId = await givenCustomer(world, '科技有限公司', '张经理');
    await world.start(SatisfactionModule);
  });

  afterEach(() => world.close());

  it('R-090 R-092 an answer has its quarter, its scores, and the tier that was used', async () => {
    const index = await givenTier(world, customerId, 'prospect', 'B');
    const { id } = await world.send('answerSurvey', {
      customerId,
      contactId: idOf('张经理'),
      answeredOn: '2025-12-31',
      scores: { productQuality: 5, responseSpeed: 3 },
      nps: 9,
      comment: '希望更快',
    });
    expect((await world.stream(streamName('survey', id)))[0]).toMatchObject({
      occurredAt: '2025-12-30T16:00:00.000Z',
      policies: { satisfaction: 1 },
      data: {
        period: '2025-Q4',
        kind: 'relationship',
        scores: { productQuality: 5, responseSpeed: 3 },
        comment: { alg: 'A256GCM' },
        tier: { value: 'B', index },
      },
    });
  });

  it('R-090 is answered by a contact of the customer, and with a score', async () => {
    const answer = { customerId, answeredOn: '2026-03-10', scores: { productQuality: 5 } };
    await expect(world.send('answerSurvey', { ...answer, contactId: idOf('王总') })).rejects.toMatchObject({
      kind: 'not-found',
    });
    await expect(world.send('answerSurvey', { ...answer, scores: {} })).rejects.toMatchObject({
      kind: 'invalid-input',
      details: { errors: [{ field: 'scores' }] },
    });
  });

  it('R-096 feedback, its plan and what came of it are recorded together', async () => {
    const { id, revision } = await world.send('receiveFeedback', {
      customerId,
      receivedOn: '2024-03-20',
      problem: 'A类客户响应时效不稳定',
      serviceLink: '服务执行',
      measure: '增设A类客户紧急响应专线',
      owner: '客户经理',
      dueOn: '2024-04-01',
      effect: '后续A类客户响应时效100%达标',
    });
    expect(revision).toBe(2);
    const stored = await world.stream(streamName('improvement', id));
    expect(stored.map(({ type }) => type.split('.')[2])).toEqual([
      'FeedbackReceived',
      'ImprovementPlanned',
      'ImprovementChecked',
    ]);
    expect(new Set(stored.map(({ commandId }) => commandId)).size).toBe(1);
  });

  it('R-096 an incomplete plan is a draft', async () => {
    const { id } = await world.send('planImprovement', { measure: '优化客服绩效考核指标', owner: '经理' });
    expect((await world.stream(streamName('improvement', id)))[0]!.data).toMatchObject({
      state: 'draft',
      missing: ['dueOn', 'resources', 'expectedEffect'],
    });
  });

  it('R-090 the questionnaire is a policy of this service', async () => {
    const change = { value: SATISFACTION.defaultValue, effectiveFrom: '2026-04-01T00:00:00+08:00' };
    expect(await world.send('changeSatisfactionPolicy', { policy: 'satisfaction', ...change })).toMatchObject(
      {
        id: 'satisfaction',
        revision: 0,
      },
    );
    await expect(
      world.send('changeSatisfactionPolicy', { policy: 'recording', ...change }),
    ).rejects.toMatchObject({ kind: 'not-found' });
  });
});
