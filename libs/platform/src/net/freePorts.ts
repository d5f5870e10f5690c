import { randomInt } from 'node:crypto';
import { createServer, type AddressInfo, type Server } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections and to servers that ask for any (Linux from 32768, others
 * from 49152, RFC 6335): a port that is found now and listened to later, or again after a restart, would else be taken
 * meanwhile by whoever connects to somewhere.
 */
const LOWEST = 20_000;
const HIGHEST = 32_767;
/** How many ports are tried for each that is to be found. */
const ATTEMPTS = 100;

/** Loopback ports that were free a moment ago, all different. */
export function freePorts(count: number): Promise<readonly number[]> {
  return preferredPorts(Array.from({ length: count }, () => undefined));
}

/** A loopback port that was free a moment ago. */
export async function freePort(): Promise<number> {
  return (await freePorts(1))[0]!;
}

/** Of each wish the port itself where it is free, else another one that is; all different. */
export async function preferredPorts(wishes: readonly (number | undefined)[]): Promise<readonly number[]> {
  const probes: Server[] = [];
  try {
    // All stay open until the last is found: none is found twice.
    for (const wish of wishes) probes.push(await listeningBest(wish));
    return probes.map((probe) => (probe.address() as AddressInfo).port);
  } finally {
    await Promise.all(probes.map(closed));
  }
}

/** @throws Error EADDRINUSE, EACCES where nothing can listen there */
export async function expectFree(port: number): Promise<void> {
  await closed(await listening(port));
}

async function listeningBest(wish: number | undefined): Promise<Server> {
  let port = wish ?? anyPort();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listening(port);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || attempt === ATTEMPTS) throw error;
      port = anyPort();
    }
  }
}

/** By chance: two that look at the same moment hardly meet. */
function anyPort(): number {
  return randomInt(LOWEST, HIGHEST + 1);
}

function listening(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(port, '127.0.0.1', () => resolve(probe));
  });
}

function closed(probe: Server): Promise<void> {
  return new Promise((resolve) => {
    probe.close(() => resolve());
  });
}
