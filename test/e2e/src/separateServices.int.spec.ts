import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  DemoUser,
  httpSummary,
  LocalDeployment,
  LocalProcess,
  missingEngines,
  nodeArguments,
  untilViewsAreThere,
} from '@rapport/local';
import { cachesOf, SERVICE_NAMES, SETTINGS, systemTimers } from '@rapport/platform';
import { summaryText, type Summary } from '@rapport/service-standalone';
import { DescribedAnswers, type ApiDocument } from './harness/describedAnswers.ts';

const missing = missingEngines();
const describeWithEngines = missing.length === 0 ? describe : describe.skip;

const folder = mkdtempSync(join(tmpdir(), 'rapport-separate-'));

interface Answer {
  readonly id: string;
  readonly position: string;
}

/** What standalone prints of the same demo, in a process and folder of its own. */
async function standaloneSummary(): Promise<string> {
  const printed = new LocalProcess({
    name: 'standalone',
    command: process.execPath,
    args: nodeArguments('services/standalone/src/main', '--data', join(folder, 'standalone'), '--port', '0'),
    logFile: join(folder, 'standalone.log'),
    ready: async () => /^Ready\./m.test(printed.log()),
    patienceMs: 120_000,
  });
  await printed.start();
  await printed.stop();
  return printed.log();
}

const SAMPLES = fileURLToPath(new URL('../../../samples/', import.meta.url));

/** Runs `npm run import` against a running Rapport; returns what it printed. */
async function importThere(url: string, kind: string, path: string): Promise<string> {
  const logFile = `${path}.log`;
  writeFileSync(logFile, '');
  const tool = new LocalProcess({
    name: 'import',
    command: process.execPath,
    args: nodeArguments('services/standalone/src/import/main', kind, path, '--url', url),
    // Without RAPPORT_TOKEN: the demo sign-in.
    env: {},
    logFile,
    ready: async () => true,
  });
  tool.launch();
  await tool.end();
  return tool.log();
}

/** What must be the same whatever it runs on: everything but the log's identity. */
function figures(text: string): readonly string[] {
  const from = text.indexOf('客户等级');
  const [first] = /\d+ events stored/.exec(text) ?? [];
  return [first ?? '', ...text.slice(from, text.indexOf('API documentation')).trim().split('\n')];
}

describeWithEngines(
  `gateway, five services, imports, ledger and projector as separate processes${missing.length === 0 ? '' : ` (set ${missing.join(', ')})`}`,
  () => {
    let deployment: LocalDeployment;
    let administrator: DemoUser;
    let manager: DemoUser;
    let seen: Summary;
    let described: DescribedAnswers;

    /** Whose answers are held against /openapi.json. */
    const signIn = (role: string): Promise<DemoUser> =>
      DemoUser.signIn(deployment.url, role, (method, path, { status, headers, body }) => {
        const [contentType = ''] = headers.get('content-type')!.split(';');
        described.check(method, path, { status, contentType, body });
      });

    beforeAll(async () => {
      deployment = await LocalDeployment.prepare({
        folder: join(folder, 'services'),
        replicas: { tickets: 2, profiles: 2, projector: 2 },
      });
      await deployment.startEngines();
      await deployment.seed({ write: () => undefined });
      await deployment.startServices();
      const document = await fetch(`${deployment.url}/openapi.json`);
      described = new DescribedAnswers((await document.json()) as ApiDocument);
      administrator = await signIn('administrator');
      manager = await signIn('account-manager');
      await untilViewsAreThere(administrator, systemTimers);
      seen = await httpSummary(administrator);
    }, 300_000);

    afterAll(async () => {
      await deployment?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('shows the figures of the standalone demo', async () => {
      const ours = figures(summaryText(seen));
      expect(ours.length).toBeGreaterThan(12);
      expect(ours).toEqual(figures(await standaloneSummary()));
    }, 150_000);

    it('R-020, R-026 who waits for his purchase sees the tier that follows from it', async () => {
      const { status, body } = await manager.post<Answer>('/api/customers', {
        name: '云帆科技',
        kind: 'company',
        firstCooperationOn: '2020-01-01',
        contacts: [{ fullName: '张三丰', phone: '+8613812345678', isDecisionMaker: true }],
      });
      expect(status).toBe(201);
      const purchase = await manager.post<Answer>(`/api/customers/${body.id}/purchases`, {
        purchasedOn: '2026-10-05',
        product: '企业版',
        amount: { amount: '600000.00', currency: 'CNY' },
      });
      expect(purchase.status).toBe(201);
      const { body: customer, headers } = await manager.get(
        `/api/customers/${body.id}?after=${purchase.body.position}`,
      );
      expect(headers.get('rapport-stale')).toBeNull();
      expect(customer).toMatchObject({
        tier: { value: 'A', reasons: [{ rule: 'R-020 spend band' }] },
        contacts: [{ fullName: '张三丰' }],
      });
    });

    it('records a repeated command once, whichever replica gets it, and refuses another under its key', async () => {
      const body = { name: '博远制造', kind: 'company' };
      const answers = await Promise.all(
        Array.from({ length: 12 }, () => manager.post<Answer>('/api/customers', body, 'e2e-once')),
      );
      expect(new Set(answers.map(({ status, body: { id } }) => `${status} ${id}`)).size).toBe(1);
      const other = await manager.post('/api/customers', { ...body, name: '别家' }, 'e2e-once');
      expect(other).toMatchObject({ status: 422, body: { errors: [{ field: 'Idempotency-Key' }] } });
    });

    it('answers over the wire as in one process: fields, rules and rights', async () => {
      const unknown = '0f5a7f6e-0000-5000-8000-000000000001';
      const ticket = {
        customerId: unknown,
        kind: 'support',
        level: 'L1',
        channel: 'phone',
        subject: '同步异常',
      };
      const agent = await signIn('service-agent');
      expect(await agent.post('/api/tickets', ticket)).toMatchObject({
        status: 404,
        body: { detail: 'There is no such customer.' },
      });
      expect(await agent.post('/api/tickets', { ...ticket, level: 'L9' })).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'level' }] },
      });
      expect((await agent.get('/api/events?from=0&limit=1')).status).toBe(403);
      const { body: customer } = await manager.post<Answer>('/api/customers', {
        name: '启明数据',
        kind: 'company',
      });
      const opened = await agent.post<Answer>('/api/tickets', { ...ticket, customerId: customer.id });
      expect(opened.status).toBe(201);
      const closed = await agent.post(`/api/tickets/${opened.body.id}/closure`, {});
      expect(closed).toMatchObject({ status: 409, body: { rule: expect.stringMatching(/^R-\d+/) } });
    });

    it('imports rows over HTTP: what the seed imported changes nothing, a new row goes in once', async () => {
      const head = async (): Promise<number> =>
        (await administrator.get<{ head: number }>('/api/events?from=0&limit=1')).body.head;
      const before = await head();
      for (const kind of ['service-records', 'feedback-improvements', 'improvement-measures']) {
        const path = join(folder, `${kind}.csv`);
        copyFileSync(join(SAMPLES, `${kind}.csv`), path);
        const rows = readFileSync(path, 'utf8').trim().split('\n').length - 1;
        const said = `${rows} rows (UTF-8): 0 imported, ${rows} there before, 0 bad`;
        expect(await importThere(deployment.url, kind, path)).toContain(said);
      }
      expect(await head()).toBe(before);

      const path = join(folder, 'customers.csv');
      writeFileSync(path, '客户名称,客户类型,联系人,电话\n澄湖仪器,企业,欧阳娜娜,13912345678\n,企业,,\n');
      const first = await importThere(deployment.url, 'customers', path);
      expect(first).toContain('2 rows (UTF-8): 1 imported, 0 there before, 1 bad');
      expect(readFileSync(join(folder, 'customers.errors.csv'), 'utf8')).toContain('客户名称: is missing');
      const after = await head();
      expect(after).toBeGreaterThan(before);
      expect(await importThere(deployment.url, 'customers', path)).toContain(
        '2 rows (UTF-8): 0 imported, 1 there before, 1 bad',
      );
      expect(await head()).toBe(after);

      // The company is found by its name at once: an import waits until the views show what is recorded.
      const purchases = join(folder, 'purchases.csv');
      writeFileSync(purchases, '客户名称,购买日期,产品,金额\n澄湖仪器,2026-10-05,企业版,1200.00\n');
      expect(await importThere(deployment.url, 'purchases', purchases)).toContain('1 imported');
    });

    it('loses no request while a replica is stopped and started again', async () => {
      const { body: customer } = await manager.post<Answer>('/api/customers', {
        name: '恒信物流',
        kind: 'company',
      });
      const agent = await signIn('service-agent');
      const statuses: number[] = [];
      let over = false;
      const working = Promise.all(
        Array.from({ length: 6 }, async () => {
          while (!over) {
            const { status } = await agent.post('/api/tickets', {
              customerId: customer.id,
              kind: 'inquiry',
              level: 'L3',
              channel: 'email',
              subject: '新功能使用咨询',
            });
            statuses.push(status);
          }
        }),
      );
      const replica = deployment.service('tickets', 2);
      await replica.stop();
      await replica.start();
      over = true;
      await working;
      expect(statuses.length).toBeGreaterThan(10);
      expect([...new Set(statuses)]).toEqual([201]);
    });

    it.each(SERVICE_NAMES)(
      '%s has all its caches within its one setting, as its metrics say',
      async (service) => {
        const health = `http://127.0.0.1:${deployment.ports.get(`${service}-1`)}`;
        const values = async (name: string): Promise<ReadonlyMap<string, number>> => {
          const text = await (await fetch(`${health}/metrics`)).text();
          const lines = text.matchAll(new RegExp(`^${name}\\{cache="(\\w+)"[^}]*\\} (\\S+)$`, 'gm'));
          return new Map([...lines].map(([, cache, value]) => [cache!, Number(value)]));
        };
        const limits = await values('rapport_cache_limit_bytes');
        // The views are in MongoDB here, and the replica that stands by folds no documents.
        const unused = service === 'projector' ? ['viewPages', 'documents'] : [];
        expect(new Set([...limits.keys(), ...unused])).toEqual(new Set([...cachesOf(service), ...unused]));
        const sum = [...limits.values()].reduce((total, limit) => total + limit, 0);
        expect(sum).toBeLessThanOrEqual(Number(SETTINGS.cacheBytes.default));
        const held = await values('rapport_cache_bytes');
        for (const [cache, bytes] of held) expect(bytes).toBeLessThanOrEqual(limits.get(cache)!);
        if (service === 'ledger') expect(Math.max(...held.values())).toBeGreaterThan(0);
      },
    );

    it('has published every event as a fact, as its metrics say', async () => {
      const health = `http://127.0.0.1:${deployment.ports.get('ledger-1')}`;
      const metric = async (name: string): Promise<number> => {
        const text = await (await fetch(`${health}/metrics`)).text();
        return Number(new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, 'm').exec(text)?.[1]);
      };
      const { body } = await (await signIn('auditor')).get<{ head: number }>('/api/events?from=0&limit=1');
      for (let tries = 0; (await metric('rapport_relay_published_index')) < body.head; tries += 1) {
        if (tries === 300) throw new Error('the relay did not come to the head');
        await systemTimers.sleep(100);
      }
      expect(await metric('rapport_relay_state')).toBe(1);
    });
  },
);
