import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { freePort } from '@rapport/platform';
import { eventually } from '@rapport/platform/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Gate, gatedModule } from '../conformance/gatedModule.ts';
import { waitingConformance } from '../conformance/waitingConformance.ts';
import { encodingConformance } from '../conformance/encodingConformance.ts';
import { received } from '../conformance/echoModule.ts';
import {
  serve,
  transportConformance,
  type MakeTransport,
  type Service,
} from '../conformance/transportConformance.ts';
import { MAX_MESSAGE_BYTES, Unanswered } from '../requestClient.ts';
import { NATS_SERVER, NatsServer } from '../testing/natsServer.ts';
import { NatsLink, type LinkStatus, type NatsSettings } from './natsLink.ts';
import { NatsRequestClient } from './natsRequestClient.ts';
import { NatsStrategy, type NatsStrategyOptions } from './natsStrategy.ts';

const suite = NATS_SERVER === undefined ? describe.skip : describe;

suite('over NATS (RAPPORT_TEST_NATS_SERVER)', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await NatsServer.start();
  });
  afterAll(() => server.stop());

  const settings = (service: string): NatsSettings => ({ servers: [server.url], service, tenant: 'main' });

  const overNats: MakeTransport = async ({ timers, monotonic, limits } = {}) => {
    const [caller, serving] = [new NatsLink(settings('gateway')), new NatsLink(settings('tickets'))];
    await Promise.all([caller.connected(), serving.connected()]);
    const strategies: NatsStrategy[] = [];
    return {
      client: new NatsRequestClient(caller, { timers }),
      strategy: () => {
        const strategy = new NatsStrategy(serving, {
          graceMs: 50,
          ...(monotonic && { monotonic }),
          ...(limits && { limits }),
        });
        strategies.push(strategy);
        return strategy;
      },
      // Through the server, and from it to the service.
      arrived: async () => {
        await caller.up!.flush();
        await serving.up!.flush();
      },
      places: () => strategies.flatMap(({ waitingPlaces }) => waitingPlaces),
      dispose: async () => void (await Promise.all([caller.close(), serving.close()])),
    };
  };

  transportConformance('the NATS transport', overNats);
  waitingConformance('the NATS transport', overNats);
  encodingConformance('the NATS transport', overNats);
});

/** Resolves when the connection was tried again so often. */
async function reconnecting(connection: NatsConnection, times: number): Promise<void> {
  let tried = 0;
  for await (const { type } of connection.status()) {
    if (type === 'reconnecting') tried += 1;
    if (tried === times) return;
  }
}

suite('a service on NATS (RAPPORT_TEST_NATS_SERVER)', () => {
  const ending: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    received.length = 0;
    for (const end of ending.splice(0).reverse()) await end();
  });

  async function startServer(...options: Parameters<typeof NatsServer.start>): Promise<NatsServer> {
    const server = await NatsServer.start(...options);
    ending.push(() => server.stop());
    return server;
  }

  function link(url: string, service: string, more: Partial<NatsSettings> = {}): NatsLink {
    const opened = new NatsLink({ servers: [url], service, tenant: 'main', ...more });
    ending.push(() => opened.close());
    return opened;
  }

  async function service(of: NatsLink, gate: Gate, options?: NatsStrategyOptions) {
    const serving = await serve(new NatsStrategy(of, options), gatedModule(gate));
    ending.push(() => serving.close());
    return serving;
  }

  const status = (of: NatsLink, wanted: LinkStatus) =>
    new Promise<void>((resolve) => {
      if (of.status === wanted) resolve();
      else of.onStatus((now) => now === wanted && resolve());
    });

  /** Begins to serve when NATS is gone after it was there; returns after some vain attempts to connect again. */
  async function servingWhileGone(server: NatsServer, of: NatsLink) {
    const triedAgain = reconnecting(await of.connected(), 3);
    await server.kill();
    await status(of, 'disconnected');
    const begun = serve(new NatsStrategy(of)).catch((error: unknown) => error as Error);
    await triedAgain;
    return { begun };
  }

  it('waits for a NATS that is not there yet, and says so', async () => {
    const port = await freePort();
    const url = `nats://127.0.0.1:${port}`;
    const [caller, serving] = [link(url, 'gateway'), link(url, 'tickets')];
    const client = new NatsRequestClient(caller);
    const listening = serve(new NatsStrategy(serving));
    expect(serving.status).toBe('connecting');
    await expect(client.request('echo', {})).rejects.toBeInstanceOf(Unanswered);
    await startServer({ port });
    ending.push((await listening).close.bind(await listening));
    await caller.connected();
    expect(await client.request('echo', { now: 'here' })).toEqual({ now: 'here' });
  });

  it('waits also for a NATS that has gone again before it begins to serve', async () => {
    const server = await startServer();
    const [caller, serving] = [link(server.url, 'gateway'), link(server.url, 'tickets')];
    const listening = await servingWhileGone(server, serving);
    await server.start();
    await status(caller, 'connected');
    const served = await listening.begun;
    expect(served).not.toBeInstanceOf(Error);
    ending.push(() => (served as Service).close());
    expect(await new NatsRequestClient(caller).request('echo', { now: 'back' })).toEqual({ now: 'back' });
  });

  it('can be closed while it still waits for NATS', async () => {
    const waiting = link(`nats://127.0.0.1:${await freePort()}`, 'tickets');
    const listening = serve(new NatsStrategy(waiting));
    await waiting.close();
    await expect(listening).rejects.toThrow('closed');
    expect(waiting.status).toBe('closed');
  });

  it('can be closed while it waits for a NATS that has gone again', async () => {
    const server = await startServer();
    const waiting = link(server.url, 'tickets');
    const listening = await servingWhileGone(server, waiting);
    await waiting.close();
    expect(await listening.begun).toMatchObject({ message: expect.stringContaining('closed') });
  });

  it('tells who waits at once when NATS dies, and serves again when it is back', async () => {
    const server = await startServer();
    const [caller, serving] = [link(server.url, 'gateway'), link(server.url, 'tickets')];
    const gate = new Gate();
    const client = new NatsRequestClient(caller);
    await service(serving, gate);
    await caller.connected();
    const underWay = client.request('hold', { name: 'lost' }).catch((error: unknown) => error);
    await gate.reached(1);
    await server.kill();
    expect(await underWay).toBeInstanceOf(Unanswered);
    await status(caller, 'disconnected');
    await expect(client.request('who', {})).rejects.toBeInstanceOf(Unanswered);
    gate.open();
    await server.start();
    await Promise.all([status(caller, 'connected'), status(serving, 'connected')]);
    // NATS knows again what it serves.
    await serving.up!.flush();
    expect(await client.request('who', {})).toBe('lost');
  });

  it('notices a NATS that is frozen', async () => {
    const server = await startServer();
    const caller = link(server.url, 'gateway', { pingIntervalMs: 100 });
    const client = new NatsRequestClient(caller);
    await caller.connected();
    await server.pause();
    await status(caller, 'disconnected');
    await expect(client.request('who', {})).rejects.toBeInstanceOf(Unanswered);
    server.resume();
    await status(caller, 'connected');
  });

  it('shares the work among the replicas of a service, each request once', async () => {
    const server = await startServer();
    const gates = [new Gate(), new Gate()];
    for (const gate of gates) await service(link(server.url, 'tickets'), gate);
    const caller = link(server.url, 'gateway');
    await caller.connected();
    const client = new NatsRequestClient(caller);
    await Promise.all(Array.from({ length: 200 }, () => client.request('who', {})));
    const shares = gates.map(({ begun }) => begun.length);
    expect(shares[0]! + shares[1]!).toBe(200);
    expect(Math.min(...shares)).toBeGreaterThan(20);
  });

  it('answers what is under way when it closes, takes nothing new, and ends what only waits', async () => {
    const server = await startServer();
    const gate = new Gate();
    const tickets = link(server.url, 'tickets');
    const serving = await service(tickets, gate);
    const caller = link(server.url, 'gateway');
    await caller.connected();
    const client = new NatsRequestClient(caller);
    const waiting = client.request('wait', {});
    const underWay = client.request('hold', { name: 'under way' });
    await gate.reached(2);
    let closed = false;
    const closing = serving.close().then(() => (closed = true));
    expect(await waiting).toBe('closing');
    await expect(client.request('who', {})).rejects.toBeInstanceOf(Unanswered);
    for (let turn = 0; turn < 3; turn += 1) await tickets.up!.flush();
    expect(closed).toBe(false);
    gate.open();
    expect(await underWay).toBe('under way');
    await closing;
  });

  it('closes without those that do not end, after its grace', async () => {
    const server = await startServer();
    const gate = new Gate();
    const serving = await service(link(server.url, 'tickets'), gate, { graceMs: 20 });
    const caller = link(server.url, 'gateway');
    await caller.connected();
    const stuck = new NatsRequestClient(caller).request('hold', { name: 'stuck' }).catch(() => undefined);
    await gate.reached(1);
    await serving.close();
    gate.open();
    await stuck;
  });

  it('goes on after messages that no service of ours would send', async () => {
    const server = await startServer();
    const serving = await serve(new NatsStrategy(link(server.url, 'tickets')));
    ending.push(() => serving.close());
    const stranger = await connect({ servers: server.url });
    ending.push(() => stranger.close());
    const problemOf = async (payload: string) => {
      const reply = await stranger.request('crm.main.echo', payload);
      return [reply.headers?.get('Rapport-Problem'), reply.string()];
    };
    for (const payload of ['', '{', '"text"', 'null']) {
      expect(await problemOf(payload)).toEqual(['invalid-input', expect.not.stringContaining('text"')]);
    }
    expect(await problemOf(`{"text":"${'x'.repeat(MAX_MESSAGE_BYTES)}"}`)).toEqual([
      'too-large',
      expect.anything(),
    ]);
    stranger.publish('crm.main.echo', '{"nobody":"waits"}');
    const odd = headers();
    odd.set('Rapport-Time-Left', 'soon');
    expect(
      (await stranger.request('crm.main.echo', '{"a":1}', { timeout: 2_000, headers: odd })).json(),
    ).toEqual({
      a: 1,
    });
    expect(received).toEqual([{ a: 1 }]);
  });

  it('keeps to the inboxes and subjects of its user, and says what it may not do', async () => {
    const server = await startServer({
      config: `authorization { users: [
        { user: gateway, password: g, permissions: {
            publish: ["crm.main.echo"], subscribe: ["_INBOX.gateway.>"] } }
        { user: tickets, password: t, permissions: {
            subscribe: ["crm.main.echo tickets", "crm.main.never tickets", "crm.main.reply tickets",
              "crm.main.circumstances tickets", "crm.main.queries.v1.echo tickets"], allow_responses: true } }
        { user: risk, password: r, permissions: { publish: [nothing], subscribe: [nothing] } }
      ] }`,
    });
    const user = (name: string) => link(server.url, name, { user: name, password: () => name[0]! });
    const serving = await serve(new NatsStrategy(user('tickets')));
    ending.push(() => serving.close());
    const gateway = user('gateway');
    await gateway.connected();
    const client = new NatsRequestClient(gateway);
    expect(await client.request('echo', { permitted: true })).toEqual({ permitted: true });
    // What else uses the connection, as JetStream does, keeps to the same inboxes.
    expect((await gateway.up!.request('crm.main.echo', '{"a":1}')).json()).toEqual({ a: 1 });
    await expect(client.request('reply', { what: 'nothing' })).rejects.toThrow(
      'does not let the user gateway publish to crm.main.reply',
    );
    await expect(serve(new NatsStrategy(user('risk')))).rejects.toThrow('crm.main.');
  });

  it.each(['reloaded', 'started again'] as const)(
    'serves and asks again when permissions that were wrong are set right: %s',
    async (how) => {
      const folder = mkdtempSync(join(tmpdir(), 'rapport-nats-'));
      ending.push(async () => rmSync(folder, { recursive: true, force: true }));
      const permitting = (subjects: string, inboxes: string) => `authorization { users: [
        { user: gateway, password: g, permissions: { publish: ["crm.main.>"], subscribe: ["${inboxes}"] } }
        { user: tickets, password: t, permissions: { subscribe: ["${subjects} tickets"], allow_responses: true } }
      ] }`;
      const right = permitting('crm.main.>', '_INBOX.gateway.>');
      const server = await startServer({ folder, config: right });
      const refusals = () => (server.log().match(/not authorized|Subscription Violation/g) ?? []).length;
      const change = async (config: string): Promise<void> => {
        const file = join(folder, 'server.conf');
        writeFileSync(file, config);
        if (how === 'reloaded') {
          process.kill(server.pid, 'SIGHUP');
          await eventually(() => expect(server.log()).toContain('Reloaded server configuration'));
          return;
        }
        await server.shutDown();
        await server.start();
      };
      const user = (name: string) => link(server.url, name, { user: name, password: () => name[0]! });
      const serving = await serve(new NatsStrategy(user('tickets')));
      ending.push(() => serving.close());
      const client = new NatsRequestClient(user('gateway'));
      const asked = () =>
        client.request('echo', { a: 1 }, { timeoutMs: 500 }).catch((error: unknown) => error);
      await eventually(async () => expect(await asked()).toEqual({ a: 1 }));
      for (const wrong of [
        permitting('crm.other.>', '_INBOX.gateway.>'),
        permitting('crm.main.>', '_INBOX.other.>'),
      ]) {
        const before = refusals();
        await change(wrong);
        await eventually(async () => expect(await asked()).toBeInstanceOf(Error));
        await eventually(() => expect(refusals()).toBeGreaterThan(before));
        await change(right);
        await eventually(async () => expect(await asked()).toEqual({ a: 1 }));
      }
    },
  );

  it('takes up a password that is exchanged, and tells the operator until then', async () => {
    const server = await startServer({ config: 'authorization { user: gateway, password: new }' });
    let password = 'old';
    const reports: string[] = [];
    const refused = new Promise<void>((resolve) => {
      const caller = new NatsLink(
        {
          servers: [server.url],
          service: 'gateway',
          tenant: 'main',
          user: 'gateway',
          password: () => password,
        },
        {
          report: (what, { error }) => {
            reports.push(`${what}: ${error as string}`);
            resolve();
          },
        },
      );
      ending.push(() => caller.close());
      ending.push(() => caller.connected());
    });
    await refused;
    expect(reports[0]).toMatch(/NATS refuses the user: .*authorization/i);
    password = 'new';
    await ending.pop()!();
  });

  it('tells a server without TLS nothing where the address says tls://', async () => {
    const server = await startServer({ config: 'authorization { user: gateway, password: secret }' });
    const reason = await new Promise<unknown>((resolve, reject) => {
      const caller = new NatsLink(
        {
          servers: [server.url.replace('nats://', 'tls://')],
          service: 'gateway',
          tenant: 'main',
          user: 'gateway',
          password: () => 'secret',
        },
        { report: (_what, { error }) => resolve(error) },
      );
      ending.push(() => caller.close());
      caller.connected().then(() => reject(new Error('it connected in clear')), reject);
    });
    expect(reason).toMatch(/does not support 'tls'/);
  });
});
