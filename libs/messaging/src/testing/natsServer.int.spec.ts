import { connect as connectTcp } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { NATS_SERVER, NatsServer } from './natsServer.ts';

let server: NatsServer;
afterEach(() => server.stop());

(NATS_SERVER === undefined ? describe.skip : describe)(
  'a nats-server for tests (RAPPORT_TEST_NATS_SERVER)',
  () => {
    it('serves, dies, and serves again on the same port', async () => {
      server = await NatsServer.start();
      const { port, pid } = server;
      const first = await connect({ servers: server.url, reconnect: false });
      await server.kill();
      await first.closed();
      await expect(connect({ servers: server.url, reconnect: false })).rejects.toThrow();
      await server.start();
      expect(server.port).toBe(port);
      expect(server.pid).not.toBe(pid);
      await (await connect({ servers: server.url })).close();
    });

    it('keeps its JetStream store over a shutdown', async () => {
      server = await NatsServer.start({ jetStream: true });
      const { info, close } = await connected();
      expect(info?.jetstream).toBe(true);
      await close();
      await server.shutDown();
      await server.start();
      expect(server.log()).toContain('JetStream');
    });

    it('freezes: connections open, nothing answers, until it goes on', async () => {
      server = await NatsServer.start();
      const connection = await connect({ servers: server.url });
      await server.pause();
      let answered = false;
      const flushed = connection.flush().then(() => (answered = true));
      await new Promise<void>((resolve) => connectTcp(server.port, '127.0.0.1', resolve).unref());
      expect(answered).toBe(false);
      server.resume();
      await flushed;
      await connection.close();
    });

    it('takes configuration', async () => {
      server = await NatsServer.start({ config: 'authorization { user: a, password: b }' });
      await expect(connect({ servers: server.url, reconnect: false })).rejects.toThrow();
      await (await connect({ servers: server.url, user: 'a', pass: 'b' })).close();
    });

    async function connected() {
      const connection = await connect({ servers: server.url });
      return { info: connection.info, close: () => connection.close() };
    }
  },
);
