import { describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:net';
import { expectFree, freePort, freePorts, preferredPorts } from './freePorts.ts';

/** Where Linux begins to give ports to outgoing connections (net.ipv4.ip_local_port_range). */
const EPHEMERAL = 32_768;

describe('free ports', () => {
  it('all differ, are free, and are none that an outgoing connection is given', async () => {
    const ports = await freePorts(50);
    expect(new Set(ports).size).toBe(50);
    expect(ports.filter((port) => port >= EPHEMERAL || port < 1_024)).toEqual([]);
    for (const port of ports) await expectFree(port);
  });

  it('are the wished ones where these are free, others where they are taken', async () => {
    const [free, taken] = await freePorts(2);
    const server = await taking(taken!);
    try {
      const [first, second] = await preferredPorts([free, taken]);
      expect(first).toBe(free);
      expect(second).not.toBe(taken);
      await expect(expectFree(taken!)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('are others for another that looks at the same moment', async () => {
    const found = await Promise.all(Array.from({ length: 8 }, () => freePort()));
    expect(new Set(found).size).toBe(8);
  });
});

function taking(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
