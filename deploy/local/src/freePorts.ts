import { createServer, type AddressInfo, type Server } from 'node:net';

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
    for (const wish of wishes) probes.push(await listening(wish).catch(anotherIfTaken));
    return probes.map((probe) => (probe.address() as AddressInfo).port);
  } finally {
    await Promise.all(probes.map(closed));
  }
}

/** @throws Error EADDRINUSE, EACCES where nothing can listen there */
export async function expectFree(port: number): Promise<void> {
  await closed(await listening(port));
}

function listening(port = 0): Promise<Server> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(port, '127.0.0.1', () => resolve(probe));
  });
}

function anotherIfTaken(error: NodeJS.ErrnoException): Promise<Server> {
  if (error.code !== 'EADDRINUSE') throw error;
  return listening();
}

function closed(probe: Server): Promise<void> {
  return new Promise((resolve) => {
    probe.close(() => resolve());
  });
}
