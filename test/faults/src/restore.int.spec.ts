import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@rapport/platform/testing';
import { Client, ExpectedViews, type StoredEvent } from '@rapport/test-checks';
import { erase, isErased, read, register, settled, type Customer } from './harness/customers.ts';
import { expectWhole } from './harness/expectWhole.ts';
import { RapportProcess, removeFolder, temporaryFolder, type Exit } from './harness/rapportProcess.ts';

interface EventsAnswer {
  readonly logId: string;
  readonly formerLogId?: string;
  readonly forkIndex?: number;
}

async function done(command: RapportProcess): Promise<Exit> {
  const exit = await command.exited();
  expect({ code: exit.code, stderr: exit.stderr }).toEqual({ code: 0, stderr: '' });
  return exit;
}

async function refused(command: RapportProcess, code: number, line: RegExp): Promise<void> {
  const exit = await command.exited();
  expect(exit.stderr).toMatch(line);
  expect(exit.code).toBe(code);
}

describe('restoring a backup', () => {
  const home = temporaryFolder();
  const lost = join(home, 'lost');
  const backup = join(home, 'backup');
  /** Registered before the backup; the second one erased before it, the third one after it. */
  let before: Customer[];
  /** Registered after the backup. */
  let after: Customer;
  let former: { readonly log: readonly StoredEvent[]; readonly logId: string; readonly position: string };
  let forkIndex: number;
  let folders = 0;
  const freshFolder = (): string => join(home, `restored-${(folders += 1)}`);

  beforeAll(async () => {
    const rapport = await RapportProcess.ready(lost);
    const [manager, auditor, steward] = await Promise.all(
      ['manager', 'auditor', 'data-steward'].map((role) => Client.signIn(rapport.url, role)),
    );
    const registered = [];
    for (const name of ['远见科技', '海川贸易', '北斗制造']) registered.push(await register(manager!, name));
    before = registered.map(({ customer }) => customer);
    await erase(steward!, before[1]!);
    await settled(manager!, registered.at(-1)!.position);
    await done(RapportProcess.backingUp('--data', lost, '--to', backup));

    const late = await register(manager!, '后来的客户');
    after = late.customer;
    const position = await erase(steward!, before[2]!);
    await settled(manager!, position);
    // The views are newer than the backup, and say so on the disk.
    await until('erased in the view', async () => {
      const [contact] = (await read(manager!, before[2]!.id)).contacts;
      return isErased(contact!) ? true : undefined;
    });
    const { body } = await auditor!.get<EventsAnswer>('/api/events');
    former = { log: await auditor!.log(), logId: body.logId, position };
    expect(body).not.toHaveProperty('formerLogId');
    await rapport.kill();
  });
  afterEach(() => RapportProcess.endAll());
  afterAll(() => removeFolder(home));

  /** Starts it, and expects a log of its own that has what the backup had, and views of nothing else. */
  async function expectRestored(data: string, erased: readonly boolean[]): Promise<void> {
    const rapport = await RapportProcess.ready(data);
    const [manager, auditor] = await Promise.all(
      ['manager', 'auditor'].map((role) => Client.signIn(rapport.url, role)),
    );
    const { body } = await auditor!.get<EventsAnswer>('/api/events');
    const log = await auditor!.log();
    expectWhole(log);
    forkIndex = log.findIndex(({ type }) => type === 'crm.ledger.LogRestored') - 1;
    expect(log.slice(0, forkIndex + 1)).toEqual(former.log.slice(0, forkIndex + 1));
    expect(forkIndex).toBeLessThan(former.log.length - 1);
    expect(body).toMatchObject({ formerLogId: former.logId, forkIndex });
    expect(body.logId).not.toBe(former.logId);

    const old = await manager!.get(`/api/customers?after=${former.position}`);
    expect(old.status).toBe(400);
    expect(JSON.stringify(old.body)).toMatch(/position in another log.*take a new one/);

    const next = await register(manager!, '恢复以后');
    await settled(manager!, next.position);
    const customers = await manager!.all<Customer & { name: string; tier: string }>('/api/customers');
    const expected = new ExpectedViews(await auditor!.log());
    expect(Object.fromEntries(customers.map(({ id, name, tier }) => [id, { name, tier }]))).toEqual(
      Object.fromEntries(
        Object.entries(expected.customers).map(([id, { name, tier }]) => [id, { name, tier }]),
      ),
    );
    expect(Object.keys(expected.customers).sort()).toEqual(
      [...before.map(({ id }) => id), next.customer.id].sort(),
    );
    expect((await manager!.get('/api/tiers/summary')).body).toMatchObject(expected.tiers);
    expect((await manager!.get(`/api/customers/${after.id}`)).status).toBe(404);
    for (const [n, { id }] of before.entries()) {
      const [contact] = (await read(manager!, id)).contacts;
      expect({ n, erased: isErased(contact!) }).toEqual({ n, erased: erased[n] });
    }
    expectWhole(await auditor!.log());
    const exit = await rapport.interrupt();
    expect({ code: exit.code, stderr: exit.stderr }).toEqual({ code: 0, stderr: '' });
  }

  it('into a new folder gives a log of its own; who was erased before the backup stays erased', async () => {
    const data = freshFolder();
    const { stdout } = await done(RapportProcess.restoring('--from', backup, '--data', data));
    expect(stdout).toContain(former.logId);
    expect(readdirSync(data)).not.toContain('restoring');
    for (const file of ['events.sqlite', 'keys.sqlite'])
      expect(statSync(join(data, file)).mode & 0o777).toBe(0o600);
    // The keys of the backup still open what was sealed for who was erased after it.
    await expectRestored(data, [false, true, false]);
  });

  it('R-100 with a list of later erasures erases again', async () => {
    const data = freshFolder();
    const list = join(home, 'erased');
    writeFileSync(list, `${before[2]!.id} ${before[2]!.contacts[0]!.contactId}\n`);
    const { stdout } = await done(
      RapportProcess.restoring('--from', backup, '--data', data, '--erased', list),
    );
    expect(stdout).toContain('Erased again from the list: 1.');
    await expectRestored(data, [false, true, true]);
  });

  it('R-100 beside keys that were kept, who was erased later stays erased; newer views show nothing of the lost tail', async () => {
    const data = freshFolder();
    cpSync(lost, data, { recursive: true });
    for (const file of ['', '-wal', '-shm']) rmSync(join(data, `events.sqlite${file}`), { force: true });
    cpSync(join(backup, 'events.sqlite'), join(data, 'events.sqlite'));
    await done(RapportProcess.restoring('--data', data));
    await expectRestored(data, [false, true, true]);
  });

  it('killed at any moment and run again comes to the same end', async () => {
    for (const moment of ['begun', 'copied', 'restored'] as const) {
      const data = freshFolder();
      const restoring = RapportProcess.restoring('--from', backup, '--data', data);
      await until(moment, () => {
        if (moment === 'begun') return existsSync(join(data, 'restoring')) || undefined;
        if (moment === 'copied') return existsSync(join(data, 'restoring', 'keys.sqlite')) || undefined;
        return existsSync(join(data, 'keys.sqlite')) || undefined;
      });
      await restoring.kill();
      if (existsSync(join(data, 'restoring'))) {
        await refused(
          RapportProcess.launch('--empty', '--data', data, '--port', '0'),
          75,
          /restore .* cut off: run npm run restore again/,
        );
      }
      await restoreAgain(data);
      await expectRestored(data, [false, true, false]);
    }
  }, 240_000);

  /** What was done already is not done again: then it is refused, and nothing is lost. */
  async function restoreAgain(data: string): Promise<void> {
    const whole = existsSync(join(data, 'events.sqlite')) && !existsSync(join(data, 'restoring'));
    const again = RapportProcess.restoring('--from', backup, '--data', data);
    if (whole) await refused(again, 64, /has a log/);
    else await done(again);
  }

  it('is refused over a log, into a folder in use, and from what is no backup', async () => {
    const from = (folder: string, data: string) => RapportProcess.restoring('--from', folder, '--data', data);
    await refused(from(backup, lost), 64, /has a log: choose a new folder/);
    await refused(from(home, freshFolder()), 64, /no backup/);
    await refused(RapportProcess.restoring('--data', freshFolder()), 64, /no events\.sqlite/);
    await refused(RapportProcess.backingUp('--data', lost, '--to', backup), 64, /there already/);
    const data = freshFolder();
    await done(from(backup, data));
    const rapport = await RapportProcess.ready(data);
    await refused(RapportProcess.restoring('--data', data), 75, /in use by another process/);
    await rapport.kill();
  });
});
