import { afterEach, describe, expect, it } from '@jest/globals';
import type { ServiceHost } from '@rapport/hosting';
import { NATS_SERVER, NatsServer } from '@rapport/messaging/testing';
import { freePort } from '@rapport/platform';
import { eventually, Watched } from '@rapport/platform/testing';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { WRITTEN_LOG_ID, WrittenLog } from '../relay/testing/writtenLog.ts';
import { publishFacts } from './publishFacts.ts';

const suite = NATS_SERVER === undefined ? describe.skip : describe;
const STANDS_STILL = 'follower stands still: relay facts';
const GOES_ON = 'follower goes on: relay facts';

suite('no silent stall: a stalled relay, on a real NATS server (RAPPORT_TEST_NATS_SERVER)', () => {
  const ending: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });

  function publish({ store }: WrittenLog, port: number): Watched & { readonly metrics: Registry } {
    const metrics = new Registry();
    const watched = Object.assign(new Watched(), { metrics });
    const configuration = {
      tenant: 'main',
      natsUrls: [`nats://127.0.0.1:${port}`],
      factsUser: 'relay',
      factsPassword: 'secret',
      factsReplicas: 1,
      factsMaxBytes: 16 * 1024 * 1024,
    };
    const log = pino({ level: 'silent' });
    const { followers } = watched;
    const host = { configuration, metrics, followers, log, alert: () => undefined };
    const lineage = { logId: WRITTEN_LOG_ID, former: [] };
    const facts = publishFacts(host as unknown as ServiceHost<'ledger'>, store, lineage);
    ending.push(() => facts.close());
    ending.push(() => followers.stop());
    return watched;
  }

  /** Waits in the relay's own time, then looks once. */
  async function published(watched: ReturnType<typeof publish>, events: number): Promise<void> {
    const last = `rapport_relay_published_index ${events - 1}\n`;
    await eventually(async () => expect(await watched.metrics.metrics()).toContain(last));
    await watched.aLook();
    expect(watched.followers.statusOf('relay', 'facts')?.distance).toBe(0);
  }

  it('by a server that is frozen is told within a minute, and told when it goes on', async () => {
    const log = new WrittenLog();
    await log.growTo(50);
    const server = await NatsServer.start({ jetStream: true });
    ending.push(() => server.stop());
    const watched = publish(log, server.port);
    watched.followers.start();
    await published(watched, 50);
    await server.pause();
    await log.growTo(80);
    expect(watched.told).toEqual([]);
    await watched.aMinute();
    expect(watched.told).toEqual([STANDS_STILL]);
    expect(watched.followers.statusOf('relay', 'facts')).toMatchObject({ distance: 30, standsStill: true });
    server.resume();
    await published(watched, 80);
    expect(watched.told).toEqual([STANDS_STILL, GOES_ON]);
  });

  it('is told also where NATS was never there', async () => {
    const log = new WrittenLog();
    await log.growTo(5);
    const port = await freePort();
    const watched = publish(log, port);
    await watched.aMinute();
    expect(watched.told).toEqual([STANDS_STILL]);
    const server = await NatsServer.start({ port, jetStream: true });
    ending.push(() => server.stop());
    await published(watched, 5);
    expect(watched.told).toEqual([STANDS_STILL, GOES_ON]);
  });
});
