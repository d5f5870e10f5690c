import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { event, profileEvents, streamName, type QueryAnswer } from '@rapport/contracts';
import { CommandSender } from '@rapport/event-sourcing';
import { querySubject } from '@rapport/messaging';
import { ImportsModule } from '@rapport/service-imports';
import { LedgerModule } from '@rapport/service-ledger';
import { eventually } from '@rapport/platform/testing';
import { startProjector } from './harness/projector.ts';
import { idOf, World } from './harness/world.ts';

const customerId = idOf('customer');
const registered = event(profileEvents.CustomerRegistered, {
  customerId,
  kind: 'company',
  name: '远见科技',
  source: 'referral',
});

// The five deciding services and the gateway are started alone by the specs that carry their names.
describe('a service started alone on the in-process transport', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.open();
  });

  afterEach(async () => {
    await world.close();
  });

  const ask = (query: string, parameters: object): Promise<QueryAnswer<any>> =>
    world.transport.request(querySubject(query), {
      parameters,
      actor: { id: 'a', roles: ['account-manager'] },
    });

  it('the ledger answers with the log as it is stored', async () => {
    await world.start({
      with: () => LedgerModule.with({ store: world.store, logId: world.logId, alert: world.runtime().alert }),
    });
    await world.given(streamName('customer', customerId), registered);
    const { body } = await ask('events.list', { from: 0, limit: 10 });
    expect(body.logId).toBe(world.logId);
    expect(body.events.map(({ index, type }: { index: number; type: string }) => [index, type])).toEqual([
      [0, 'crm.ledger.LogOpened'],
      [1, 'crm.profiles.CustomerRegistered'],
    ]);
  });

  it('the imports check rows of others and send nothing in a dry run', async () => {
    const settledFor: string[] = [];
    await world.start({
      with: (runtime) =>
        ImportsModule.with({
          ...runtime,
          sender: new CommandSender(world.transport, runtime.assertActor),
          settle: async ({ id }) => settledFor.push(id) > 0,
        }),
    });
    const run = (parameters: object) => ask('imports.run', { dryRun: true, ...parameters });
    const rows = [
      { line: 2, occurrence: 0, values: { name: '澄湖仪器' } },
      { line: 3, occurrence: 0, values: { kind: '企业' } },
    ];
    const { body } = await run({ kind: 'customers', rows });
    expect(body).toEqual({
      imported: 1,
      repeated: 0,
      bad: [{ line: 3, reason: expect.stringMatching(/^客户名称: is missing/) }],
    });
    expect(settledFor).toEqual(['a']);
    await expect(run({ kind: 'nonsense', rows })).rejects.toMatchObject({ kind: 'not-found' });
    for (const wrong of [undefined, [{ line: 2 }], [{ ...rows[0], values: { name: 7 } }]]) {
      await expect(run({ kind: 'customers', rows: wrong })).rejects.toMatchObject({ kind: 'invalid-input' });
    }
  });

  it('the projector builds its views from the log and answers', async () => {
    await startProjector(world);
    await world.given(streamName('customer', customerId), registered);
    await eventually(async () =>
      expect((await ask('customers.get', { customerId })).body).toMatchObject({
        name: '远见科技',
        tier: { value: 'prospect' },
      }),
    );
  });
});
