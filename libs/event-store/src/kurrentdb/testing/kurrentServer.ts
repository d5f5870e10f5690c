import { existsSync } from 'node:fs';

/**
 * Found on Docker Hub and named by testcontainers' own KurrentDB module; the settings are the server's own
 * (docs/server/quick-start/installation.md): without TLS and users, everything in memory.
 */
const IMAGE = 'docker.io/kurrentplatform/kurrentdb:26.1.1';
const PORT = 2113;
const SETTINGS = { KURRENTDB_INSECURE: 'true', KURRENTDB_MEM_DB: 'true', KURRENTDB_TELEMETRY_OPTOUT: 'true' };

/** URL of a KurrentDB for tests, `esdb://127.0.0.1:2113?tls=false`. */
const given = process.env['RAPPORT_TEST_KURRENTDB'];

const docker = process.env['DOCKER_HOST'] !== undefined || existsSync('/var/run/docker.sock');

/** Whether tests can have a server. */
export const hasKurrentServer = given !== undefined || docker;

export interface KurrentServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** The server that the environment names, else one in a container. */
export async function startKurrentServer(): Promise<KurrentServer> {
  if (given !== undefined) return { url: given, stop: async () => {} };
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await new GenericContainer(IMAGE)
    .withEnvironment(SETTINGS)
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forHttp('/health/live', PORT).forStatusCodeMatching((code) => code < 300))
    .withStartupTimeout(120_000)
    .start();
  return {
    url: `kurrentdb://${container.getHost()}:${container.getMappedPort(PORT)}?tls=false`,
    stop: async () => {
      await container.stop();
    },
  };
}
