import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { nodeArguments } from '@rapport/local';
import { factsStreamName } from '@rapport/messaging';
import { SERVICE_NAMES } from '@rapport/platform';
import { until } from '@rapport/platform/testing';
import { factsStream, linkAs } from '@rapport/test-checks';
import { describeServices } from './harness/engines.ts';
import { Stage } from './harness/stage.ts';

const FOREIGN = 'crm.main.facts.v1.tickets.TicketOpened.3';

describeServices('a message among the facts that is none', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start();
  }, 180_000);

  afterAll(() => stage?.stop());

  it.each([...SERVICE_NAMES, 'subscriber', 'operator'])('%s may not publish one', async (user) => {
    const link = linkAs(user, stage.deployment);
    try {
      const connection = await link.connected();
      let refused: string | undefined;
      link.onRefusedPublish((subject) => (refused = subject));
      connection.publish(FOREIGN, '{}');
      await connection.flush();
      expect(await until('a refusal', () => refused)).toBe(FOREIGN);
    } finally {
      await link.close();
    }
  });

  it('by whoever stole the relay’s password stops the relay with an alert, while commands go on; a new generation repairs it', async () => {
    const { deployment } = stage;
    const load = stage.load('foreign');
    await load.goesOn(40);
    const thief = linkAs('relay', deployment);
    (await thief.connected()).publish(FOREIGN, '{"forged":true}');
    await thief.close();
    await until('an alert', async () =>
      (await stage.alerts('ledger', 'publishing facts stopped')) === 1 ? true : undefined,
    );
    expect(deployment.service('ledger').log()).toMatch(/"kind":"foreign".*begin a new generation/);
    expect(await stage.metric('ledger', 'rapport_relay_state{state="stopped"')).toBe(1);
    await load.goesOn(100);
    expect(load.client.putOff).toEqual([]);
    expect(await stage.metric('ledger', 'rapport_relay_lag_events')).toBeGreaterThan(0);
    expect((await stage.health('ledger', '/health/ready')).status).toBe(200);

    // docs/operations.md, «The facts stream».
    const operator = linkAs('operator', deployment);
    const manager = await jetstreamManager(await operator.connected(), { checkAPI: false });
    const spoilt = await factsStream(manager, deployment);
    const { natsUrl, secrets } = deployment.places;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...nodeArguments('services/ledger/src/generation/main', '--from', '0')],
      {
        env: {
          PATH: process.env['PATH'],
          RAPPORT_NATS_URL: natsUrl,
          RAPPORT_NATS_USER: 'operator',
          RAPPORT_NATS_PASSWORD_FILE: join(secrets, 'operator.password'),
        },
      },
    );
    const next = factsStreamName({ ...spoilt, generation: spoilt.generation + 1 });
    expect(stdout).toMatch(`${next} begins at index 0.`);
    await until('it goes on', async () =>
      (await stage.metric('ledger', 'rapport_relay_state{state="following"')) === 1 ? true : undefined,
    );
    // What was there before it, readers may still want to see.
    expect((await manager.streams.info(factsStreamName(spoilt))).state.messages).toBeGreaterThan(0);
    await operator.close();
    await load.goesOn(40);
    await load.end();
    await stage.expectAllIsWell();
  }, 150_000);
});
