import { NatsServer } from '@rapport/messaging/testing';
import { freePorts } from '@rapport/platform';

/** Three real servers with JetStream as one cluster. */
export class NatsCluster {
  private constructor(readonly servers: ReadonlyMap<string, NatsServer>) {}

  static async start(): Promise<NatsCluster> {
    const ports = await freePorts(3);
    const routes = ports.map((port) => `nats://127.0.0.1:${port}`).join(', ');
    const servers = await Promise.all(
      ports.map(async (port, n) => {
        const name = `n${n + 1}`;
        const config = `server_name: ${name}\ncluster { name: facts, listen: "127.0.0.1:${port}", routes: [${routes}] }\n`;
        return [name, await NatsServer.start({ jetStream: true, config })] as const;
      }),
    );
    return new NatsCluster(new Map(servers));
  }

  get urls(): readonly string[] {
    return Array.from(this.servers.values(), ({ url }) => url);
  }

  async stop(): Promise<void> {
    await Promise.all(Array.from(this.servers.values(), (server) => server.stop()));
  }
}
