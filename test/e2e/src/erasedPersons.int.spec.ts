import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { event, profileEvents, streamName } from '@rapport/contracts';
import { InteractionsModule } from '@rapport/service-interactions';
import { RiskModule } from '@rapport/service-risk';
import { SatisfactionModule } from '@rapport/service-satisfaction';
import { TicketsModule } from '@rapport/service-tickets';
import { givenCustomer } from './harness/customers.ts';
import { idOf, World } from './harness/world.ts';

const R100 = { kind: 'rule-violated', details: { rule: 'R-100' } };

type Naming = (customerId: string, contactId?: string) => readonly [Parameters<World['send']>[0], object];

/** Every first command of the contexts that names a customer or a contact. */
const COMMANDS: readonly Naming[] = [
  (customerId, contactId) => [
    'recordInteraction',
    {
      customerId,
      channel: 'call',
      purpose: 'needs',
      startedAt: '2026-03-10T09:00:00+08:00',
      endedAt: '2026-03-10T09:10:00+08:00',
      content: '介绍新版本',
      ...(contactId !== undefined && { participants: [contactId] }),
    },
  ],
  (customerId, contactId) => [
    'openTicket',
    { customerId, kind: 'support', channel: 'phone', subject: '数据同步异常', contactId },
  ],
  (customerId, contactId) => [
    'recordService',
    {
      customerId,
      contactId,
      servedOn: '2026-03-09',
      kind: 'support',
      problem: '培训',
      result: '完成',
      servedBy: 'agent-7',
      servedByName: '李工',
    },
  ],
  (customerId, contactId) => [
    'answerSurvey',
    { customerId, contactId, answeredOn: '2026-03-09', scores: { productQuality: 4 } },
  ],
];
const ON_CUSTOMERS_ONLY: readonly Naming[] = [
  (customerId) => [
    'receiveFeedback',
    { customerId, receivedOn: '2026-03-09', problem: '慢', serviceLink: '响应', measure: '加人' },
  ],
  (customerId) => [
    'identifyRisk',
    { customerId, kind: 'late-payment', source: '财务月报', evidence: '逾期' },
  ],
];

describe('R-100 after an erasure', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.open();
    for (const service of [InteractionsModule, TicketsModule, SatisfactionModule, RiskModule]) {
      await world.start(service);
    }
  });

  afterEach(() => world.close());

  async function erase(personId: string, customerId: string): Promise<void> {
    const isCustomer = personId === customerId;
    await world.given(
      streamName('person', personId),
      event(profileEvents.PersonErased, { personId, customerId, isCustomer }),
    );
  }

  it('no context records more about a contact, and all go on about the others', async () => {
    const customerId = await givenCustomer(world, '科技有限公司', '张经理', '王总');
    for (const naming of COMMANDS) await world.send(...naming(customerId, idOf('张经理')));
    await erase(idOf('张经理'), customerId);
    for (const naming of COMMANDS) {
      await expect(world.send(...naming(customerId, idOf('张经理')))).rejects.toMatchObject(R100);
      await world.send(...naming(customerId, idOf('王总')));
    }
    for (const naming of ON_CUSTOMERS_ONLY) await world.send(...naming(customerId));
  });

  it('no context records more about an individual', async () => {
    const customerId = idOf('李女士');
    await world.given(
      streamName('customer', customerId),
      event(profileEvents.CustomerRegistered, {
        customerId,
        kind: 'individual',
        name: '李女士',
        source: 'referral',
      }),
    );
    for (const naming of [...COMMANDS, ...ON_CUSTOMERS_ONLY]) await world.send(...naming(customerId));
    await erase(customerId, customerId);
    for (const naming of [...COMMANDS, ...ON_CUSTOMERS_ONLY]) {
      await expect(world.send(...naming(customerId))).rejects.toMatchObject(R100);
    }
  });
});
