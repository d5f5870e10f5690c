import { expect } from '@jest/globals';
import { LocalDeployment, type LocalDeploymentOptions } from '@rapport/local';
import { systemTimers, type ServiceName } from '@rapport/platform';
import { until } from '@rapport/platform/testing';
import { Client, createdId, ExpectedViews, factsAreTheLog, type StoredEvent } from '@rapport/test-checks';
import { expectViews } from '../../harness/expectViews.ts';
import { expectWhole } from '../../harness/expectWhole.ts';
import { removeFolder, temporaryFolder } from '../../harness/rapportProcess.ts';
import { answered, type Sent } from '../../harness/serviceDesk.ts';
import { Load } from './load.ts';
import { PatientClient } from './patientClient.ts';

/** Every how many-th command is sent again at the end, beside those whose answer was once lost. */
const REPEAT_EVERY = 7;

/** A deployment before its first process starts. */
export interface Prepared {
  readonly folder: string;
  readonly deployment: LocalDeployment;
}

/** The whole deployment as real processes, and those who use it. */
export class Stage {
  private readonly loads: Load[] = [];

  private constructor(
    readonly folder: string,
    readonly deployment: LocalDeployment,
    readonly manager: Client,
    readonly auditor: Client,
    readonly administrator: Client,
  ) {}

  /**
   * Starts everything.
   *
   * @param before what is to be changed before the first process starts
   */
  static async start(
    options: (folder: string) => Partial<LocalDeploymentOptions> = () => ({}),
    before: (prepared: Prepared) => Promise<void> = async () => undefined,
  ): Promise<Stage> {
    const folder = temporaryFolder();
    const deployment = await LocalDeployment.prepare({
      folder,
      keys: `embedded:${folder}/keys`,
      ...options(folder),
    });
    await before({ folder, deployment });
    await deployment.startEngines();
    await deployment.startServices();
    const [manager, auditor, administrator] = await Promise.all(
      ['manager', 'auditor', 'administrator'].map((role) => Client.signIn(deployment.url, role)),
    );
    return new Stage(folder, deployment, manager!, auditor!, administrator!);
  }

  /** Ends every process and removes what they stored; with RAPPORT_TEST_KEEP it stays there to be looked at. */
  async stop(): Promise<void> {
    await this.deployment.stop();
    if (process.env['RAPPORT_TEST_KEEP'] === undefined) removeFolder(this.folder);
    else process.stderr.write(`kept: ${this.folder}\n`);
  }

  load(name: string): Load {
    const load = new Load(this.manager, name);
    this.loads.push(load);
    return load;
  }

  /** What a service answers on its health port. @param path such as /health/ready */
  async health(service: ServiceName, path: string, replica = 1): Promise<Response> {
    const port = this.deployment.ports.get(`${service}-${replica}`)!;
    return fetch(`http://127.0.0.1:${port}${path}`);
  }

  /** A figure of a service; 0 where it does not tell one. @param sample such as name{label="x" */
  async metric(service: ServiceName, sample: string, replica = 1): Promise<number> {
    const text = await (await this.health(service, '/metrics', replica)).text();
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(sample))
        ?.split(' ')
        .at(-1) ?? 0,
    );
  }

  /** How often a service has raised an alert since its start. */
  alerts(service: ServiceName, alert: string, replica = 1): Promise<number> {
    return this.metric(service, `rapport_alerts_total{alert="${alert}"`, replica);
  }

  /** How every test ends: log dense and each command once, facts equal the log, views equal an independent fold. */
  async expectAllIsWell(): Promise<void> {
    await Promise.all(this.deployment.all.map((service) => service.untilReady()));
    const sent = this.loads.flatMap((load) => load.sent);
    const retried = new Set(this.loads.flatMap((load) => [...load.client.retried]));
    expectOnce(await this.logWithTiers(), sent);

    const again = answered(sent).filter(({ key }, n) => retried.has(key) || n % REPEAT_EVERY === 0);
    const client = new PatientClient(this.manager);
    await Promise.all(
      Array.from({ length: 8 }, async (_, n) => {
        for (let i = n; i < again.length; i += 8) {
          const { path, body, key, answer } = again[i]!;
          const repeated = await client.post(path, body, key);
          expect({ ...repeated.body, repeated: '' }).toEqual({ ...answer!.body, repeated: '' });
        }
      }),
    );
    const last = await client.post(
      '/api/customers',
      { name: '最后一家', kind: 'company' },
      `last-${sent.length}`,
    );
    expect(last.status).toBe(201);
    const log = await this.auditor.log();
    expectOnce(log, sent);
    await expectViews(this.manager, this.auditor, String(last.body['position']));
    expect(await factsAreTheLog(this.deployment)).toBe(log.length);
  }

  /** The log, once everybody who bought has a tier: the reaction runs behind the commands. */
  private logWithTiers(): Promise<readonly StoredEvent[]> {
    return until(
      'a tier for everybody who bought',
      async () => {
        const log = await this.auditor.log().catch(() => undefined);
        const customers = Object.values(new ExpectedViews(log ?? []).customers);
        const behind = customers.some(({ purchases, tier }) => purchases > 0 && tier === 'prospect');
        if (log !== undefined && !behind) return log;
        await systemTimers.sleep(500);
        return undefined;
      },
      60_000,
    );
  }
}

function expectOnce(log: readonly StoredEvent[], sent: readonly Sent[]): void {
  expectWhole(log);
  const times = new Map<unknown, number>();
  for (const event of log) times.set(createdId(event), (times.get(createdId(event)) ?? 0) + 1);
  const wrong = answered(sent).filter(({ answer }) => times.get(answer!.body['id']) !== 1);
  expect(wrong).toEqual([]);
  times.delete(undefined);
  // Nothing that nobody asked for either.
  expect([...times].filter(([, count]) => count !== 1)).toEqual([]);
}
