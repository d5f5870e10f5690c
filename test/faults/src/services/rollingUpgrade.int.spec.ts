import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { serviceProcess, type OtherBuild } from '@rapport/local';
import { SERVICE_NAMES, type ServiceName } from '@rapport/platform';
import type { StoredEvent } from '@rapport/test-checks';
import { describeServices } from './harness/engines.ts';
import type { Load } from './harness/load.ts';
import { formerRelease } from './harness/releases.ts';
import { Stage } from './harness/stage.ts';

interface Projections {
  readonly projections: readonly { readonly projection: string; readonly parkedKeys: number }[];
}

interface VersionedEvent extends StoredEvent {
  readonly version: number;
}

const INTERACTIONS = 'crm.interactions.InteractionRecorded';
const REPLICAS = { interactions: 2 } as const;

describeServices(
  'contract «readers are deployed one release before writers»: a release rolls out under load',
  () => {
    let stage: Stage;
    let load: Load;
    const current: OtherBuild = { env: { RAPPORT_WRITE_FORMATS: 'current' } };
    const previous: OtherBuild = { env: { RAPPORT_WRITE_FORMATS: 'previous' } };

    /** One replica from one build to another; others of the service go on meanwhile. */
    async function roll(service: ServiceName, replica: number, build: OtherBuild): Promise<void> {
      const { deployment } = stage;
      const { services, ports, places } = deployment;
      const replicas = [...services.get(service)!];
      await replicas[replica - 1]!.stop();
      const apiPort = service === 'gateway' ? Number(new URL(deployment.url).port) : undefined;
      const next = serviceProcess(
        service,
        replica,
        ports.get(`${service}-${replica}`)!,
        places,
        apiPort,
        build,
      );
      replicas[replica - 1] = next;
      services.set(service, replicas);
      await next.start();
    }

    const interactions = async (): Promise<readonly VersionedEvent[]> =>
      ((await stage.auditor.log()) as readonly VersionedEvent[]).filter(({ type }) => type === INTERACTIONS);
    const versions = async (from = 0): Promise<readonly number[]> => [
      ...new Set((await interactions()).slice(from).map(({ version }) => version)),
    ];
    const parked = async (): Promise<readonly string[]> => {
      const { body } = await stage.administrator.get<Projections>('/api/projections');
      return body.projections.filter(({ parkedKeys }) => parkedKeys > 0).map(({ projection }) => projection);
    };

    beforeAll(async () => {
      stage = await Stage.start((folder) => {
        const former = formerRelease(join(folder, 'former-release'));
        return { replicas: REPLICAS, build: () => former };
      });
    }, 240_000);

    afterAll(() => stage?.stop());

    it('none refused, none parked, none lost, while each process of the former release makes way for one of this', async () => {
      load = stage.load('rolling');
      await load.goesOn(100);
      expect(await versions()).toEqual([1]);

      // The order of docs/upgrade.md. Nothing is written that the former release cannot read.
      for (const service of ['ledger', 'projector'] as const) {
        await roll(service, 1, previous);
        await load.goesOn(30);
      }
      // Side by side: one of the former release, one of this.
      await roll('interactions', 2, previous);
      await load.goesOn(150);
      expect(await versions()).toEqual([1]);
      await roll('interactions', 1, previous);
      for (const service of ['profiles', 'tickets', 'risk', 'satisfaction', 'imports', 'gateway'] as const) {
        await roll(service, 1, previous);
        await load.goesOn(20);
      }
      expect(await versions()).toEqual([1]);

      // No process of the former release is left: what is new is written, by one replica before the other.
      const before = (await interactions()).length;
      await roll('interactions', 2, current);
      await load.goesOn(200);
      expect([...(await versions(before))].sort()).toEqual([1, 2]);
      await roll('interactions', 1, current);
      const then = (await interactions()).length;
      await load.goesOn(100);
      expect(await versions(then)).toEqual([2]);

      await load.end();
      expect(await parked()).toEqual([]);
      for (const service of SERVICE_NAMES) {
        for (const alert of [
          'event cannot be read',
          'key parked',
          'reaction parked',
          'stream cannot be folded',
        ]) {
          expect([service, alert, await stage.alerts(service, alert)]).toEqual([service, alert, 0]);
        }
      }
      await stage.expectAllIsWell();

      // Both versions are shown as one: to-dos with ids, and their text.
      const first = (await interactions())[0]!;
      const { body } = await stage.manager.get<{ items: { type: string; data: Record<string, unknown> }[] }>(
        `/api/customers/${String(first.data['customerId'])}/timeline?limit=100`,
      );
      expect(body.items.find(({ type }) => type === INTERACTIONS)!.data).toMatchObject({
        place: expect.stringMatching(/^(customer|remote|unstated)$/),
        toDos: [{ toDoId: expect.stringMatching(/^[0-9a-f-]{36}$/), text: '寄方案' }],
      });
    }, 420_000);
  },
);
