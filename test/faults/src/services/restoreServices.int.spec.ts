import { afterAll, expect, it } from '@jest/globals';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { LocalDeployment, serviceEnvironment } from '@rapport/local';
import { findFactsStream, factsStreamName } from '@rapport/messaging';
import { until } from '@rapport/platform/testing';
import { Client, ExpectedViews } from '@rapport/test-checks';
import { erase, isErased, read, register, settled } from '../harness/customers.ts';
import { expectWhole } from '../harness/expectWhole.ts';
import { removeFolder, temporaryFolder } from '../harness/rapportProcess.ts';
import { describeServices } from './harness/engines.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

interface EventsAnswer {
  readonly logId: string;
  readonly formerLogId?: string;
  readonly forkIndex?: number;
}

describeServices('restoring the log under separate services', () => {
  const folder = temporaryFolder();
  let deployment: LocalDeployment | undefined;
  afterAll(async () => {
    await deployment?.stop();
    removeFolder(folder);
  });

  const users = (url: string) =>
    Promise.all(['manager', 'auditor', 'data-steward'].map((role) => Client.signIn(url, role)));

  /** The last step of a restore, as a Job would run it. */
  function restore(...args: readonly string[]) {
    const { RAPPORT_TEST_NATS_SERVER: _nats, NODE_OPTIONS: _jest, ...env } = process.env;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        '--conditions=source',
        '--import',
        './tools/swc/register.mjs',
        'services/ledger/src/restore/main.ts',
        ...args,
      ],
      {
        cwd: ROOT,
        encoding: 'utf8',
        env: { ...env, ...serviceEnvironment('ledger', 0, deployment!.places) },
      },
    );
    return { status, stdout, stderr };
  }

  it('gives another log: old positions refused, views and facts begin again, keys that were kept stay erased', async () => {
    deployment = await LocalDeployment.start({ folder });
    const log = join(folder, 'log');
    const backup = join(folder, 'backup');
    let [manager, auditor, steward] = await users(deployment.url);
    const kept = await register(manager!, '远见科技');
    const erasedLater = await register(manager!, '海川贸易');
    await settled(manager!, erasedLater.position);

    await restart(deployment, () => cpSync(log, backup, { recursive: true }));
    const lost = await register(manager!, '后来的客户');
    const position = await erase(steward!, erasedLater.customer);
    await settled(manager!, position);
    const former = await auditor!.log();
    const { logId: formerLogId } = (await auditor!.get<EventsAnswer>('/api/events')).body;

    // While the ledger runs, its store is in use.
    expect(restore()).toMatchObject({ status: 75, stderr: expect.stringContaining('in use') });
    await deployment.service('ledger').kill();
    rmSync(log, { recursive: true });
    cpSync(backup, log, { recursive: true });
    const restored = restore();
    expect(restored).toMatchObject({ status: 0, stderr: '' });
    expect(restored.stdout).toContain(formerLogId);

    // Services that know the former log can do nothing in the new one.
    await deployment.service('ledger').start();
    const refused = await manager!.post('/api/customers', { name: '太早', kind: 'company' });
    expect(refused.status).toBe(503);
    expect(JSON.stringify(refused.body)).toContain('started again');

    await restart(deployment);
    [manager, auditor, steward] = await users(deployment.url);
    const answer = (await auditor!.get<EventsAnswer>('/api/events')).body;
    const events = await auditor!.log();
    expectWhole(events);
    const fork = events.findIndex(({ type }) => type === 'crm.ledger.LogRestored') - 1;
    expect(answer).toMatchObject({ formerLogId, forkIndex: fork });
    expect(events.slice(0, fork + 1)).toEqual(former.slice(0, fork + 1));

    const old = await manager!.get(`/api/customers?after=${position}`);
    expect({ status: old.status, body: JSON.stringify(old.body) }).toEqual({
      status: 400,
      body: expect.stringMatching(/position in another log/),
    });
    const next = await register(manager!, '恢复以后');
    await settled(manager!, next.position);
    const customers = await manager!.all<{ id: string; tier: string }>('/api/customers');
    const expected = new ExpectedViews(await auditor!.log());
    expect(customers.map(({ id, tier }) => [id, tier]).sort()).toEqual(
      Object.entries(expected.customers)
        .map(([id, { tier }]) => [id, tier])
        .sort(),
    );
    expect((await manager!.get(`/api/customers/${lost.customer.id}`)).status).toBe(404);
    expect(isErased((await read(manager!, erasedLater.customer.id)).contacts[0]!)).toBe(true);
    expect(isErased((await read(manager!, kept.customer.id)).contacts[0]!)).toBe(false);
    await expectFacts(deployment, answer.logId, fork + 1, await auditor!.log().then((all) => all.length));
  }, 240_000);

  /** Stops every service, and starts them again. */
  async function restart({ all }: LocalDeployment, meanwhile = (): void => undefined): Promise<void> {
    await Promise.all(all.map((each) => each.stop()));
    meanwhile();
    for (const each of all) each.launch();
    await Promise.all(all.map((each) => each.untilReady()));
  }

  /** A stream of the new log begins at the fork, and has what the log has from there on. */
  async function expectFacts(
    { places }: LocalDeployment,
    logId: string,
    offset: number,
    length: number,
  ): Promise<void> {
    const connection = await connect({
      servers: places.natsUrl,
      user: 'operator',
      pass: readFileSync(join(places.secrets, 'operator.password'), 'utf8').trim(),
      inboxPrefix: '_INBOX.operator',
    });
    try {
      const manager = await jetstreamManager(connection, { checkAPI: false });
      const stream = await until(
        'a facts stream of the new log',
        async () => (await findFactsStream(manager, { tenant: places.tenant, logId })) ?? undefined,
      );
      expect(stream.offset).toBe(offset);
      await until('all facts', async () => {
        const { state } = await manager.streams.info(factsStreamName(stream));
        return state.messages === length - offset ? true : undefined;
      });
    } finally {
      await connection.close();
    }
  }
});
