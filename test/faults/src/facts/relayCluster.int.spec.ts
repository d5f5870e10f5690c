import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { factsStreamName, findFactsStream } from '@rapport/messaging';
import { NATS_SERVER } from '@rapport/messaging/testing';
import { until } from '@rapport/platform/testing';
import { factsAreTheLog, LOG, relayConnection } from './harness/factsStage.ts';
import { NatsCluster } from './harness/natsCluster.ts';
import { RelayProcess } from './harness/relayProcess.ts';

const suite = NATS_SERVER === undefined ? describe.skip : describe;

suite('facts on a cluster of three (RAPPORT_TEST_NATS_SERVER)', () => {
  let cluster: NatsCluster;

  beforeEach(async () => {
    cluster = await NatsCluster.start();
  });

  afterEach(async () => {
    await RelayProcess.killAll();
    await cluster.stop();
  });

  /** Name of the server that leads the facts stream. */
  async function leader(): Promise<string> {
    const connection = await relayConnection(cluster.urls);
    try {
      return await until('a leader of the stream', async () => {
        try {
          const manager = await jetstreamManager(connection, { checkAPI: false, timeout: 1_000 });
          const stream = await findFactsStream(manager, LOG);
          if (stream === undefined) return undefined;
          const { cluster: raft, config } = await manager.streams.info(factsStreamName(stream));
          expect(config.num_replicas).toBe(3);
          return raft?.leader;
        } catch {
          // No leader just now: that is what is awaited.
          return undefined;
        }
      });
    } finally {
      await connection.close();
    }
  }

  it('kill -9 of the leader under load, three times', async () => {
    const relays = [new RelayProcess(cluster.urls, 3, 0), new RelayProcess(cluster.urls, 3, 0)];
    let counted = 0;
    const grow = (by: number) => {
      counted += by;
      for (const relay of relays) relay.grow(counted);
    };
    grow(500);
    await Promise.all(relays.map((relay) => relay.reaches(499)));
    for (let round = 0; round < 3; round += 1) {
      const name = await leader();
      const before = counted;
      grow(6_000);
      await until(
        'some published',
        () => relays.some(({ published }) => published > before + 300) || undefined,
      );
      await cluster.servers.get(name)!.kill();
      grow(2_000);
      await Promise.all(relays.map((relay) => relay.reaches(counted - 1)));
      await cluster.servers.get(name)!.start();
    }
    expect(await factsAreTheLog(cluster.urls, counted)).toBe(counted);
  });

  it('the leader frozen under load and continued', async () => {
    const relay = new RelayProcess(cluster.urls, 3, 0);
    relay.grow(500);
    await relay.reaches(499);
    const frozen = cluster.servers.get(await leader())!;
    relay.grow(8_000);
    await relay.reaches(1_000);
    await frozen.pause();
    relay.grow(9_000);
    await relay.reaches(8_999);
    frozen.resume();
    relay.grow(12_000);
    await relay.reaches(11_999);
    expect(await factsAreTheLog(cluster.urls, 12_000)).toBe(12_000);
  });
});
