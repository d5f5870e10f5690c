import { afterAll, expect, it } from '@jest/globals';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LocalDeployment, LocalProcess } from '@rapport/local';
import { natsPermissions } from '@rapport/messaging';
import { fileURLToPath } from 'node:url';
import { until } from '@rapport/platform/testing';
import { Client } from '@rapport/test-checks';
import { removeFolder, temporaryFolder } from '../harness/rapportProcess.ts';
import { describeServices } from './harness/engines.ts';

const DOCS = fileURLToPath(new URL('../../../../docs/', import.meta.url));
const PATIENCE_MS = 60_000;

describeServices('the manual for subscribers', () => {
  const home = temporaryFolder();
  const folder = join(home, 'services');
  const subscribers: LocalProcess[] = [];
  let deployment: LocalDeployment;
  afterAll(async () => {
    await Promise.all(subscribers.map((each) => each.stop()));
    await deployment?.stop();
    removeFolder(home);
  });

  /** Only who is needed to record facts and publish them. */
  const prepare = () =>
    LocalDeployment.prepare({
      folder,
      replicas: { interactions: 0, tickets: 0, risk: 0, satisfaction: 0, imports: 0, projector: 0 },
    });

  async function start(): Promise<void> {
    deployment = await prepare();
    await deployment.startEngines();
    await deployment.startServices();
  }

  /** The manual's script, with nothing but what the manual says that one needs. */
  function subscriber(name: string): LocalProcess {
    const script = new LocalProcess({
      name,
      command: process.execPath,
      args: [join(DOCS, 'examples/subscriber.mjs')],
      env: {
        NATS_URL: deployment.places.natsUrl,
        PASSWORD_FILE: join(deployment.places.secrets, 'subscriber.password'),
        STATE_FILE: join(home, `${name}.json`),
      },
      logFile: join(home, `${name}.log`),
      ready: async () => true,
    });
    subscribers.push(script);
    script.launch();
    return script;
  }

  async function customer(name: string): Promise<void> {
    const manager = await Client.signIn(deployment.url, 'manager');
    const { status } = await manager.post('/api/customers', { name, kind: 'company' });
    expect(status).toBe(201);
  }
  const log = async () => (await Client.signIn(deployment.url, 'auditor')).log();

  /** Waits until a subscriber has handled the whole log. @returns index and type of what it handled, in its order */
  async function handledAll(script: LocalProcess): Promise<readonly string[]> {
    return until(
      `${script.name} at the head of the log`,
      async () => {
        const handled = [...script.log().matchAll(/^fact (\d+ \S+)/gm)].map(([, fact]) => fact!);
        return handled.at(-1) === (await facts()).at(-1) ? handled : undefined;
      },
      PATIENCE_MS,
    );
  }

  const facts = async () => (await log()).map(({ type }, index) => `${index} ${type}`);

  it('its script reads every fact once: from the first, live, and after each side was restarted', async () => {
    await start();
    await customer('远见科技');
    const script = subscriber('first');
    await handledAll(script);
    await customer('海川贸易');
    await handledAll(script);

    await script.stop();
    expect(script.exitCode).toBe(0);
    await customer('云帆科技');
    script.launch();
    await handledAll(script);

    await deployment.stop();
    cpSync(join(folder, 'log'), join(home, 'backup'), { recursive: true });
    await start();
    await customer('博远制造');
    expect(await handledAll(script)).toEqual(await facts());
  }, 240_000);

  it('its script goes on in a restored log, and forgets what was lost; a new one has all of it', async () => {
    const script = subscribers[0]!;
    const before = await facts();
    await deployment.stop();
    rmSync(join(folder, 'log'), { recursive: true });
    cpSync(join(home, 'backup'), join(folder, 'log'), { recursive: true });
    let told = '';
    deployment = await prepare();
    await deployment.restore([], { write: (text) => (told += text) });
    await deployment.stop();
    expect(told).not.toBe('');
    await start();
    await customer('恢复以后');

    const restored = await facts();
    const fork = restored.findIndex((fact) => fact.endsWith('crm.ledger.LogRestored')) - 1;
    expect(fork).toBeGreaterThan(0);
    expect(fork).toBeLessThan(before.length - 1);
    const handled = await handledAll(script);
    expect(handled).toEqual([...before, ...restored.slice(fork + 1)]);
    expect(script.log()).toContain(`forget what came after ${fork}\n`);
    expect(await handledAll(subscriber('second'))).toEqual(restored);
  }, 240_000);

  it('names the subjects that a subscriber may ask, and no others', () => {
    const permitted = natsPermissions('main').subscriber.publish;
    for (const file of ['subscribe.md', 'examples/subscriber.mjs']) {
      const text = readFileSync(join(DOCS, file), 'utf8').replaceAll('${TENANT}', 'main');
      const named = [...text.matchAll(/\bcrm\.main\.[\w.-]+\.(?:head|read-\w+)\b/g)].map(
        ([subject]) => subject,
      );
      expect(named.length).toBeGreaterThan(1);
      for (const subject of named) expect(permitted).toContain(subject);
    }
  });
});
