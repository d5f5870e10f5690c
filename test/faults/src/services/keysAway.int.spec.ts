import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '@rapport/platform/testing';
import { describeServices } from './harness/engines.ts';
import { Stage } from './harness/stage.ts';

interface Status {
  readonly projections: readonly { readonly projection: string; readonly state: string }[];
}

describeServices('the key store gone', () => {
  let stage: Stage;

  beforeAll(async () => {
    // Keys alone are in MongoDB, so that only they go away.
    stage = await Stage.start((folder) => ({ keys: undefined, views: `embedded:${folder}/views` }));
  }, 180_000);

  afterAll(() => stage?.stop());

  it('projections wait and blank nothing, what must be sealed is refused with 503; then all goes on', async () => {
    const load = stage.load('keyless');
    await load.goesOn(60);
    const projector = stage.deployment.service('projector');
    const { ferretDb } = stage.deployment;
    // What is recorded meanwhile is sealed with keys that it has never seen.
    await projector.pause();
    await load.goesOn(100);
    await ferretDb.kill();
    projector.resume();

    await until('a projection waits', async () =>
      (await stage.alerts('projector', 'projection waits for keys')) > 0 ? true : undefined,
    );
    const { status, body } = await stage.administrator.get<Status>('/api/projections');
    expect(status).toBe(200);
    expect(body.projections.map(({ state }) => state)).toContain('waiting-for-keys');

    const refused = await until('a refusal', async () => {
      const reply = await stage.manager.post('/api/customers', {
        name: '无钥科技',
        kind: 'company',
        contacts: [{ fullName: '李四' }],
      });
      return reply.status === 201 ? undefined : reply;
    });
    expect(refused).toMatchObject({ status: 503, retryAfter: expect.any(Number) });

    await ferretDb.start();
    await load.goesOn(60);
    await load.end();
    await stage.expectAllIsWell();
    for (const { name, contacts } of await stage.manager.all<Shown>('/api/customers')) {
      expect({ name, contacts }).toEqual({
        name: expect.any(String),
        contacts: contacts.map(() => expect.objectContaining({ fullName: '张三' })),
      });
    }
    expect(await stage.alerts('projector', 'projection stopped')).toBe(0);
    expect(await stage.alerts('projector', 'key parked')).toBe(0);
  }, 180_000);
});

interface Shown {
  readonly name: unknown;
  readonly contacts: readonly unknown[];
}
