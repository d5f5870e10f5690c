import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, dateOf, startOfDay } from '@rapport/calendar';
import type { CommandAnswer, COMMANDS, QueryAnswer } from '@rapport/contracts';
import { querySubject } from '@rapport/messaging';
import { systemRandom } from '@rapport/platform';
import { demoActor } from '@rapport/service-gateway';
import { startStandalone, type Standalone } from '@rapport/service-standalone';
import { assertQueryAnswer, compileQueryAnswers } from './harness/describedAnswers.ts';

const folder = mkdtempSync(join(tmpdir(), 'rapport-figures-'));
const alerts: string[] = [];
let rapport: Standalone;
/** The day on which everything is bought. */
let today: string;

beforeAll(async () => {
  compileQueryAnswers();
  rapport = await startStandalone(folder, (alert, facts) => alerts.push(`${alert} ${JSON.stringify(facts)}`));
  today = dateOf(rapport.clock.now());
  rapport.clock.moveTo(startOfDay(today) + 12 * 3_600_000);
});

afterAll(async () => {
  await rapport.close();
  rmSync(folder, { recursive: true, force: true });
});

function send(command: keyof typeof COMMANDS, payload: object): Promise<CommandAnswer> {
  const commandId = systemRandom.uuidv7(1_760_000_000_000);
  return rapport.sender.send({
    command,
    commandId,
    payload,
    origin: 'live',
    actor: demoActor('account-manager'),
  });
}

async function ask(
  query: string,
  parameters: object,
  after?: CommandAnswer,
  role = 'account-manager',
): Promise<QueryAnswer<any>['body']> {
  const answer = await rapport.transport.request<QueryAnswer<any>>(querySubject(query), {
    parameters,
    actor: demoActor(role),
    ...(after !== undefined && { after: after.position }),
  });
  expect(answer.stale).toBe(false);
  assertQueryAnswer(query, answer);
  return answer.body;
}

async function registered(name: string): Promise<string> {
  const answer = await send('registerCustomer', { name, kind: 'company', firstCooperationOn: '2020-01-01' });
  return answer.id;
}

const bought = (customerId: string, amount: string, purchasedOn = today): Promise<CommandAnswer> =>
  send('recordPurchase', { customerId, purchasedOn, product: '许可', amount: { amount, currency: 'CNY' } });

/** 00:00 of the day that lies so many days after the purchases. */
const midnight = (days: number): number => startOfDay(addDays(today, days));

describe('the figures that are shown of a customer', () => {
  it('R-020 R-024 are those of today, also after purchases that change no tier, and the list is sorted by them', async () => {
    const other = await registered('乙有限公司');
    await bought(other, '700000.00');
    const customerId = await registered('样本甲有限公司');
    // Decided before the others are recorded, and not since.
    await ask('customers.get', { customerId }, await bought(customerId, '600000.00'));
    let last = await bought(customerId, '9400000.00');
    for (let n = 0; n < 12; n += 1) last = await bought(customerId, '1000.00');
    const shown = {
      asOf: today,
      spend365dCny: '10012000.00',
      net365dCny: '10012000.00',
      purchases365d: 14,
      lastPurchaseOn: today,
      daysSinceLastPurchase: 0,
      scores: { recency: 5, frequency: 5, monetary: 5 },
    };
    const customer = await ask('customers.get', { customerId }, last);
    expect(customer.figures).toEqual(shown);
    // What the decision saw is said to be what it was decided with.
    expect(customer.tier.reasons[0].decidedWith).toMatchObject({ spend365dCny: '600000.00', purchases: 1 });
    expect((await ask('customers.view360', { customerId }, last)).figures).toEqual(shown);
    const { items } = await ask('tiers.list', { tier: 'A' }, last);
    expect(items.map((item: { customerId: string }) => item.customerId)).toEqual([customerId, other]);
    expect(items[0]).toMatchObject({ spendFen: 1_001_200_000, figures: shown });

    const refund = await bought(customerId, '-9400000.00');
    const { items: after } = await ask('tiers.list', { tier: 'A' }, refund);
    expect(after.map((item: { customerId: string }) => item.customerId)).toEqual([other, customerId]);
    expect(after[1]).toMatchObject({ spendFen: 61_200_000, figures: { net365dCny: '612000.00' } });
  });

  it('R-100 are masked for who may not see amounts; scores are not', async () => {
    const customerId = await registered('丙有限公司');
    const last = await bought(customerId, '123456.00');
    const { figures } = await ask('customers.get', { customerId }, last, 'service-agent');
    expect(figures).toMatchObject({
      asOf: today,
      spend365dCny: { masked: true },
      purchases365d: { masked: true },
      lastPurchaseOn: { masked: true },
      scores: { recency: 5, frequency: 1, monetary: 3 },
    });
    const list = await ask('tiers.list', {}, last, 'service-agent');
    expect(JSON.stringify(list)).not.toContain('123456');
  });

  it('R-024 R-026 are right after midnight without a restart: days since the last purchase at once', async () => {
    const customerId = await registered('丁有限公司');
    await ask('customers.get', { customerId }, await bought(customerId, '5000.00'));
    rapport.clock.moveTo(midnight(31) - 1);
    expect((await ask('customers.get', { customerId })).figures).toMatchObject({
      asOf: addDays(today, 30),
      daysSinceLastPurchase: 30,
      scores: { recency: 5 },
    });
    rapport.clock.moveTo(midnight(31));
    expect((await ask('customers.get', { customerId })).figures).toMatchObject({
      asOf: addDays(today, 31),
      daysSinceLastPurchase: 31,
      scores: { recency: 4 },
    });
  });

  it('R-020 leave out what has left the window at midnight, and until it is worked out say which day they are of', async () => {
    const customerId = await registered('戊有限公司');
    await bought(customerId, '600000.00', today);
    await ask('customers.get', { customerId }, await bought(customerId, '1000.00', addDays(today, 31)));
    rapport.clock.moveTo(midnight(365));
    expect((await ask('customers.get', { customerId })).figures).toMatchObject({
      asOf: addDays(today, 364),
      spend365dCny: '601000.00',
    });
    // At exactly its due instant, what is in time may still come: it has passed a millisecond later.
    rapport.clock.moveTo(midnight(365) + 1);
    await rapport.sweep('live');
    await rapport.settle();
    expect((await ask('customers.get', { customerId })).figures).toMatchObject({
      asOf: addDays(today, 365),
      spend365dCny: '1000.00',
      purchases365d: 1,
      daysSinceLastPurchase: 334,
    });
    const { items } = await ask('tiers.list', {});
    expect(items[0]).toMatchObject({ customerId, spendFen: 100_000 });
    expect(alerts).toEqual([]);
  });
});
