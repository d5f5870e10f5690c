import { afterEach, describe, expect, it } from '@jest/globals';
import type { ServiceHost } from '@rapport/hosting';
import { NATS_SERVER, NatsServer } from '@rapport/messaging/testing';
import { freePort } from '@rapport/platform';
import { eventually, unwatched } from '@rapport/platform/testing';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { WRITTEN_LOG_ID, WrittenLog } from '../relay/testing/writtenLog.ts';
import { publishFacts, type PublishedFacts } from './publishFacts.ts';

const suite = NATS_SERVER === undefined ? describe.skip : describe;

suite('what the relay’s metrics tell, on a real NATS server (RAPPORT_TEST_NATS_SERVER)', () => {
  const ending: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });

  function publish({ store }: WrittenLog, natsUrl: string, metrics: Registry): PublishedFacts {
    const configuration = {
      tenant: 'main',
      natsUrls: [natsUrl],
      factsUser: 'relay',
      factsPassword: 'secret',
      factsReplicas: 1,
      factsMaxBytes: 16 * 1024 * 1024,
    };
    const followers = unwatched();
    const host = {
      configuration,
      metrics,
      followers,
      log: pino({ level: 'silent' }),
      alert: () => undefined,
    };
    const facts = publishFacts(host as unknown as ServiceHost<'ledger'>, store, {
      logId: WRITTEN_LOG_ID,
      former: [],
    });
    ending.push(() => facts.close());
    return facts;
  }

  it('a lag that grows, also where NATS was never there or refuses the relay, and what it then catches up', async () => {
    const log = new WrittenLog();
    await log.growTo(50);
    const metrics = new Registry();
    const port = await freePort();
    publish(log, `nats://127.0.0.1:${port}`, metrics);
    expect(await metrics.metrics()).toContain('rapport_relay_lag_events 50\n');
    await log.growTo(80);
    const told = await metrics.metrics();
    expect(told).toContain('rapport_relay_lag_events 80\n');
    expect(told).toContain('rapport_relay_published_index -1\n');
    expect(told).toContain('rapport_relay_state{state="healing"} 1\n');

    const users = 'authorization { users: [{ user: relay, password: another }] }';
    const refusing = await NatsServer.start({ port, config: users });
    ending.push(() => refusing.stop());
    await log.growTo(90);
    expect(await metrics.metrics()).toContain('rapport_relay_lag_events 90\n');
    await refusing.stop();

    const server = await NatsServer.start({ port, jetStream: true });
    ending.push(() => server.stop());
    await eventually(async () =>
      expect(await metrics.metrics()).toContain('rapport_relay_published_index 89\n'),
    );
    const caughtUp = await metrics.metrics();
    expect(caughtUp).toContain('rapport_relay_lag_events 0\n');
    expect(caughtUp).toContain('rapport_relay_state{state="following"} 1\n');
  });
});
