import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { NatsConnection } from '@nats-io/nats-core';
import { systemTimers } from '@rapport/platform';
import { NATS_SERVER, NatsServer } from '@rapport/messaging/testing';
import { FactsRelay } from '@rapport/service-ledger';
import { WrittenLog } from '@rapport/service-ledger/testing';
import { until } from '../harness/until.ts';
import { AcknowledgementProxy, type Tampering } from './harness/acknowledgementProxy.ts';
import { factsAreTheLog, LOG, relayConnection } from './harness/factsStage.ts';

const suite = NATS_SERVER === undefined ? describe.skip : describe;

jest.setTimeout(60_000);

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
      timers: systemTimers,
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

  it.each<[string, Tampering]>([
    ['every third doubled', (n) => ({ copies: n % 3 === 0 ? 2 : 1, late: 0 })],
    ['every fifth lost', (n) => ({ copies: n % 5 === 0 ? 0 : 1, late: 0 })],
    ['every seventh late by forty', (n) => ({ copies: 1, late: n % 7 === 0 ? 40 : 0 })],
    ['lost, doubled and late', (n) => ({ copies: n % 4, late: n % 11 === 0 ? 30 : 0 })],
  ])('%s', async (_, tamper) => {
    const log = new WrittenLog();
    await log.growTo(4_000);
    // The last is told by the next: that it comes late or never only delays what is known of it.
    const relay = await relayBehind(log, tamper);
    await reaches(relay, 3_999);
    expect(proxy!.tampered).toBeGreaterThan(300);
    expect(await factsAreTheLog([server.url], 4_000)).toBe(4_000);
  });

  it('all of them lost for a while', async () => {
    const log = new WrittenLog();
    await log.growTo(3_000);
    const relay = await relayBehind(log, (n) => ({ copies: n > 700 && n < 1_500 ? 0 : 1, late: 0 }));
    await reaches(relay, 2_999);
    expect(relay.status().heals).toBeGreaterThan(0);
    expect(await factsAreTheLog([server.url], 3_000)).toBe(3_000);
  });

  it('the connection cut twenty times in the middle of publishing', async () => {
    const log = new WrittenLog();
    await log.growTo(1_000);
    const relay = await relayBehind(log, () => ({ copies: 1, late: 0 }));
    for (let round = 1; round <= 20; round += 1) {
      const before = relay.status().publishedIndex;
      await log.growTo(1_000 + round * 400);
      await until('progress', () => (relay.status().publishedIndex > before + 20 ? true : undefined));
      proxy!.cut();
    }
    await reaches(relay, 8_999);
    expect(await factsAreTheLog([server.url], 9_000)).toBe(9_000);
  });
});
