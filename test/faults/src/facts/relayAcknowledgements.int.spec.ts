import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NatsConnection } from '@nats-io/nats-core';
import { systemTimers, type Timers } from '@rapport/platform';
import { NATS_SERVER, NatsServer } from '@rapport/messaging/testing';
import { FactsRelay } from '@rapport/service-ledger';
import { WrittenLog } from '@rapport/service-ledger/testing';
import { until } from '@rapport/platform/testing';
import { AcknowledgementProxy, type Tampering } from './harness/acknowledgementProxy.ts';
import { factsAreTheLog, LOG, relayConnection } from './harness/factsStage.ts';

const suite = NATS_SERVER === undefined ? describe.skip : describe;

/** A tenth of every wait: a lost acknowledgement is given up after 0.2 s. */
const hastyTimers: Timers = {
  sleep: (ms, signal) => systemTimers.sleep(ms / 10, signal),
  schedule: (ms, fire) => systemTimers.schedule(ms / 10, fire),
};

suite('facts, when acknowledgements are lost, doubled or late (RAPPORT_TEST_NATS_SERVER)', () => {
  let server: NatsServer;
  let proxy: AcknowledgementProxy | undefined;
  let connection: NatsConnection | undefined;
  let stop: (() => Promise<void>) | undefined;

  beforeEach(async () => {
    server = await NatsServer.start({ jetStream: true });
  });

  afterEach(async () => {
    await stop?.();
    await connection?.close();
    await proxy?.stop();
    await server.stop();
  });

  async function relayBehind(log: WrittenLog, tamper: Tampering): Promise<FactsRelay> {
    proxy = await AcknowledgementProxy.start(server.port, tamper);
    connection = await relayConnection([proxy.url]);
    const end = new AbortController();
    const relay = new FactsRelay({
      connection,
      store: log.store,
      ...LOG,
      settings: { maxBytes: 256 * 1024 * 1024 },
      timers: hastyTimers,
      alert: () => {},
    });
    const running = relay.run(end.signal);
    stop = () => (end.abort(), running);
    return relay;
  }

  const reaches = (relay: FactsRelay, index: number) =>
    until(`index ${index} published`, () =>
      relay.status().publishedIndex === index ? true : undefined,
    ).catch((error: Error) => {
      throw new Error(`${error.message}: ${JSON.stringify(relay.status())}`);
    });

  /** Lets the log grow by one event at a time, whenever the relay takes notice: as many acknowledgements as can be. */
  async function trickle(log: WrittenLog, relay: FactsRelay, counted: number): Promise<void> {
    for (let n = 1; n <= counted; n += 1) {
      await log.growTo(n);
      await until('it to be on its way', () => (relay.status().publishedIndex >= n - 4 ? true : undefined));
    }
    await reaches(relay, counted - 1);
  }

  it.each<[string, Tampering]>([
    ['every third doubled', (n) => ({ copies: n % 3 === 0 ? 2 : 1, late: 0 })],
    ['every twentieth lost', (n) => ({ copies: n % 20 === 0 ? 0 : 1, late: 0 })],
    ['every twentieth late by seven', (n) => ({ copies: 1, late: n % 20 === 0 ? 7 : 0 })],
    [
      'doubled and late by one, or lost',
      (n) => ({ copies: n % 50 === 0 ? 0 : 2, late: n % 30 === 0 ? 1 : 0 }),
    ],
  ])('%s', async (_, tamper) => {
    const log = new WrittenLog();
    const relay = await relayBehind(log, tamper);
    await trickle(log, relay, 400);
    expect(proxy!.tampered).toBeGreaterThan(3);
    expect(await factsAreTheLog([server.url], 400)).toBe(400);
  });

  it('all of them lost for a while', async () => {
    const log = new WrittenLog();
    await log.growTo(6_000);
    const relay = await relayBehind(log, (n) => ({ copies: n > 1 && n < 5 ? 0 : 1, late: 0 }));
    await reaches(relay, 5_999);
    expect(relay.status().heals).toBeGreaterThan(1);
    expect(await factsAreTheLog([server.url], 6_000)).toBe(6_000);
  });

  it('the connection cut twenty times in the middle of publishing', async () => {
    const log = new WrittenLog();
    await log.growTo(1_000);
    const relay = await relayBehind(log, () => ({ copies: 1, late: 0 }));
    for (let round = 1; round <= 20; round += 1) {
      const before = relay.status().publishedIndex;
      await log.growTo(1_000 + round * 400);
      await until(
        () => `more than ${before}: ${JSON.stringify(relay.status())}`,
        () => (relay.status().publishedIndex > before + 20 ? true : undefined),
      );
      proxy!.cut();
    }
    await reaches(relay, 8_999);
    expect(await factsAreTheLog([server.url], 9_000)).toBe(9_000);
  });
});
