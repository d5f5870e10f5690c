import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NATS_SERVER, NatsServer } from '@rapport/messaging/testing';
import { until } from '@rapport/platform/testing';
import { factsAreTheLog } from './harness/factsStage.ts';
import { RelayProcess } from './harness/relayProcess.ts';

const suite = NATS_SERVER === undefined ? describe.skip : describe;

suite('facts, when processes are killed or frozen (RAPPORT_TEST_NATS_SERVER)', () => {
  let folder: string;
  let server: NatsServer;
  let counted: number;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rapport-facts-'));
    server = await NatsServer.start({ jetStream: true, folder });
    counted = 0;
  });

  afterEach(async () => {
    await RelayProcess.killAll();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = () => new RelayProcess([server.url], 1, counted);
  const grow = (by: number, ...relays: readonly RelayProcess[]) => {
    counted += by;
    for (const relay of relays) relay.grow(counted);
  };

  it('kill -9 of the relay under load, five times at least, three of them in the middle of publishing', async () => {
    let cutOff = 0;
    for (let round = 0; round < 5 || (cutOff < 3 && round < 20); round += 1) {
      const relay = start();
      await until('its first status', () => relay.status);
      const before = counted;
      grow(6_000, relay);
      await relay.reaches(before + 200 + (round % 5) * 900);
      await relay.kill();
      if (relay.published < counted - 1) cutOff += 1;
    }
    expect(cutOff).toBeGreaterThan(2);
    await start().reaches(counted - 1);
    expect(await factsAreTheLog([server.url], counted)).toBe(counted);
  });

  it('three relays, of which the publishing one is frozen and continued', async () => {
    const relays = [start(), start(), start()];
    grow(2_000, ...relays);
    await Promise.all(relays.map((relay) => relay.reaches(1_999)));
    for (let round = 0; round < 4; round += 1) {
      const before = counted;
      grow(6_000, ...relays);
      const publishing = await until('one that publishes', () =>
        relays.find(({ status, published }) => status?.state === 'following' && published > before + 300),
      );
      publishing.freeze();
      await Promise.all(
        relays.filter((relay) => relay !== publishing).map((relay) => relay.reaches(counted - 1)),
      );
      // It wakes in the middle of what it was about to publish, with all its acknowledgements late.
      grow(3_000, ...relays);
      publishing.thaw();
      await Promise.all(relays.map((relay) => relay.reaches(counted - 1)));
    }
    expect(await factsAreTheLog([server.url], counted)).toBe(counted);
    expect(relays.map(({ status }) => status?.state)).not.toContain('stopped');
  });

  it('kill -9 of NATS under load, six times', async () => {
    const relays = [start(), start()];
    for (let round = 0; round < 6; round += 1) {
      const before = counted;
      grow(5_000, ...relays);
      await until(
        'some published',
        () => relays.some(({ published }) => published > before + 300) || undefined,
      );
      await server.kill();
      await server.start();
    }
    await Promise.all(relays.map((relay) => relay.reaches(counted - 1)));
    expect(await factsAreTheLog([server.url], counted)).toBe(counted);
  });

  it('NATS frozen under load: acknowledgements stay away, then come late', async () => {
    const relay = start();
    grow(20_000, relay);
    await relay.reaches(1_000);
    await server.pause();
    await until('it reads the end again', () => relay.status?.state === 'healing' || undefined);
    server.resume();
    await relay.reaches(counted - 1);
    expect(await factsAreTheLog([server.url], counted)).toBe(counted);
  });

  it('NATS comes back with an older state: the relay publishes again what it had lost', async () => {
    const relay = start();
    grow(3_000, relay);
    await relay.reaches(2_999);
    await server.shutDown();
    cpSync(join(folder, 'store'), join(folder, 'older'), { recursive: true });
    await server.start();
    grow(3_000, relay);
    await relay.reaches(5_999);
    await server.kill();
    rmSync(join(folder, 'store'), { recursive: true });
    cpSync(join(folder, 'older'), join(folder, 'store'), { recursive: true });
    await server.start();
    await until('the loss was seen', () => relay.published < 5_999 || undefined);
    await relay.reaches(5_999);
    expect(await factsAreTheLog([server.url], counted)).toBe(6_000);
  });

  it('NATS away at the start, and for a while: nothing is lost, it goes on by itself', async () => {
    await server.kill();
    const relay = start();
    grow(500, relay);
    await server.start();
    await relay.reaches(499);
    await server.kill();
    grow(500, relay);
    await until('lag is told', () => relay.status?.lag === 500 || undefined);
    await server.start();
    await relay.reaches(999);
    expect(await factsAreTheLog([server.url], counted)).toBe(1_000);
  });
});
