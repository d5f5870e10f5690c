import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CommandAnswer, COMMANDS, QueryAnswer } from '@rapport/contracts';
import { querySubject } from '@rapport/messaging';
import { cachesOf, systemRandom } from '@rapport/platform';
import { demoActor } from '@rapport/service-gateway';
import { startStandalone, type Standalone } from '@rapport/service-standalone';
import { testCaches } from '@rapport/platform/testing';
import { assertQueryAnswer, compileQueryAnswers } from './harness/describedAnswers.ts';

const folder = mkdtempSync(join(tmpdir(), 'rapport-standalone-'));
let rapport: Standalone;

beforeAll(async () => {
  compileQueryAnswers();
  rapport = await open();
});

afterAll(async () => {
  await rapport.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(): Promise<Standalone> {
  const alert = (what: string, facts: object): never => {
    throw new Error(`${what} ${JSON.stringify(facts)}`);
  };
  return startStandalone(folder, alert, { cacheMb: testCaches().bytes / 1024 ** 2 });
}

function send(
  command: keyof typeof COMMANDS,
  payload: object,
  role = 'account-manager',
): Promise<CommandAnswer> {
  const commandId = systemRandom.uuidv7(1_760_000_000_000);
  return rapport.sender.send({ command, commandId, payload, origin: 'live', actor: demoActor(role) });
}

async function ask(
  query: string,
  parameters: object,
  options: { role?: string; after?: CommandAnswer } = {},
): Promise<QueryAnswer<any>> {
  const { role = 'account-manager', after } = options;
  const answer = await rapport.transport.request<QueryAnswer<any>>(querySubject(query), {
    parameters,
    actor: demoActor(role),
    ...(after !== undefined && { after: after.position }),
  });
  assertQueryAnswer(query, answer);
  return answer;
}

const register = (name: string): Promise<CommandAnswer> =>
  send('registerCustomer', {
    name,
    kind: 'company',
    firstCooperationOn: '2020-01-01',
    contacts: [{ fullName: '张三丰', phone: '+8613812345678', isDecisionMaker: true }],
  });

describe('one process on a data folder', () => {
  it('R-026 who waits for his purchase sees the tier that follows from it, with reasons', async () => {
    const { id: customerId } = await register('云帆科技');
    const purchase = await send('recordPurchase', {
      customerId,
      purchasedOn: '2026-01-05',
      product: '企业版',
      amount: { amount: '600000.00', currency: 'CNY' },
    });
    const { body, stale } = await ask('customers.get', { customerId }, { after: purchase });
    expect(stale).toBe(false);
    expect(body['tier']).toMatchObject({
      value: 'A',
      reasons: [{ rule: 'R-020 spend band', decidedWith: { spend365dCny: '600000.00' }, policyVersion: 1 }],
    });
  });

  it('R-100 the same fields are masked in list, detail, overview, timeline and ticket', async () => {
    const { id: customerId } = await register('博远制造');
    const ticket = await send('openTicket', {
      customerId,
      kind: 'support',
      channel: 'phone',
      subject: '同步异常',
      message: '请打我手机 13812345678',
    });
    const seen = async (role: string): Promise<string> =>
      JSON.stringify([
        await ask('customers.list', { name: '博远' }, { role, after: ticket }),
        await ask('customers.get', { customerId }, { role }),
        await ask('customers.view360', { customerId }, { role, after: ticket }),
        await ask('customers.timeline', { customerId }, { role }),
        await ask('tickets.get', { ticketId: ticket.id }, { role }),
      ]);
    const manager = await seen('account-manager');
    expect(manager).toContain('张三丰');
    expect(manager).toContain('13812345678');
    for (const role of ['administrator', 'auditor']) {
      const masked = await seen(role);
      expect(masked).not.toContain('张三丰');
      expect(masked).not.toContain('13812345678');
      expect(masked).toContain('"masked":true');
      expect(masked).not.toContain('asOf');
    }
  });

  it('rebuilds a view beside the live one, compares, switches and switches back', async () => {
    const role = 'administrator';
    const before = (await ask('tiers.summary', {}, { role })).body;
    const { version } = (await ask('projections.rebuild', { view: 'tiers' }, { role })).body;
    await ask('projections.switch', { view: 'tiers', version }, { role });
    const comparison = (await ask('projections.compare', { view: 'tiers' }, { role })).body;
    expect(comparison).toMatchObject({ different: 0, onlyLive: 0, onlyCandidate: 0, apart: 0 });
    expect(comparison['equal']).toBe(comparison['live']);
    expect((await ask('tiers.summary', {}, { role })).body).toEqual(before);
    const { id: customerId } = await register('长风物流');
    await ask('projections.switch', { view: 'tiers', version: version - 1 }, { role });
    await rapport.settle();
    expect((await ask('tiers.summary', {}, { role })).body['prospect']).toBe(before['prospect'] + 1);
    expect((await ask('customers.get', { customerId }, { role })).body['tier']).toMatchObject({
      value: 'prospect',
    });
  });

  it('of several rebuilds and switches at once leaves one owner of every view', async () => {
    const role = 'administrator';
    const rebuilds = await Promise.all(
      Array.from({ length: 4 }, () => ask('projections.rebuild', { view: 'risks' }, { role })),
    );
    const { version } = rebuilds.at(-1)!.body;
    const switches = await Promise.allSettled(
      Array.from({ length: 3 }, () => ask('projections.switch', { view: 'risks', version }, { role })),
    );
    expect(switches.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { projections } = (await ask('projections.status', {}, { role })).body;
    const live: string[] = projections
      .filter((one: { live: boolean }) => one.live)
      .map(({ projection }: { projection: string }) => projection.split('@')[0]);
    expect(live).toEqual([...new Set(live)]);
    expect(live).toContain('risks');
    const { id: customerId } = await register('启明科技');
    await rapport.settle();
    expect((await ask('customers.get', { customerId })).body['name']).toBe('启明科技');
  });

  it('all its caches have their bytes from the one budget', () => {
    const held = rapport.runtime.caches.use.map(({ name }) => name);
    // Tokens are the gateway's, which does not run here.
    expect([...held, 'tokens'].sort()).toEqual([...cachesOf('standalone')].sort());
  });

  it('R-100 an erased person is gone everywhere, also after a restart and from a restored backup of the keys', async () => {
    const customer = await register('鼎新商贸');
    const [personId] = customer.ids!;
    await rapport.settle();
    await rapport.close();
    copyFileSync(join(folder, 'keys.sqlite'), join(folder, 'backup.sqlite'));
    rapport = await open();

    const erased = await send(
      'erasePerson',
      { customerId: customer.id, personId: personId! },
      'data-steward',
    );
    await rapport.settle();
    const contact = async (): Promise<unknown> => {
      const { body } = await ask('customers.get', { customerId: customer.id }, { after: erased });
      return (body['contacts'] as unknown[])[0];
    };
    const timeline = async (): Promise<string> =>
      JSON.stringify(await ask('customers.timeline', { customerId: customer.id }));
    expect(await contact()).toMatchObject({ contactId: personId, fullName: { erased: true } });
    expect(await contact()).not.toHaveProperty('phone');
    expect(await timeline()).not.toContain('张三丰');
    expect(await timeline()).toContain('{"erased":true}');
    await expect(
      send('erasePerson', { customerId: customer.id, personId: personId! }, 'data-steward'),
    ).resolves.toMatchObject({ id: personId });

    await rapport.close();
    copyFileSync(join(folder, 'backup.sqlite'), join(folder, 'keys.sqlite'));
    for (const rest of ['keys.sqlite-wal', 'keys.sqlite-shm']) rmSync(join(folder, rest), { force: true });
    rapport = await open();
    expect(await timeline()).not.toContain('张三丰');
    expect(await timeline()).toContain('{"erased":true}');
  });
});
