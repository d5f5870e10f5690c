import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { COMMANDS, QUERIES } from '@rapport/contracts';
import { DECIDING_SERVICES, SERVICE_NAMES } from '@rapport/platform';
import { NATS_SERVER, NatsServer } from '../testing/natsServer.ts';
import { PermittedUser } from '../testing/permittedUser.ts';
import { natsAuthorization } from './natsAuthorization.ts';
import { natsAccounts, natsPermissions, type NatsUser } from './natsPermissions.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const FACT = 'crm.main.facts.v1.tickets.TicketOpened.7';
/** Who answers a query, where that is not the projector. */
const SERVERS: Readonly<Record<string, NatsUser>> = { 'events.list': 'ledger', 'imports.run': 'imports' };
const USERS = Object.keys(natsPermissions('main')) as NatsUser[];

describe('deploy/nats/authorization.conf', () => {
  it.each(['deploy/nats', 'deploy/helm/rapport/files'])(
    'in %s is what the table says: run `npm run generate:nats` after a change',
    (folder) => {
      expect(readFileSync(join(ROOT, folder, 'authorization.conf'), 'utf8')).toBe(natsAuthorization('main'));
    },
  );

  it('every user is given a password by makeSecrets.mjs', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rapport-secrets-'));
    try {
      const maker = join(ROOT, 'deploy/docker/makeSecrets.mjs');
      expect(spawnSync(process.execPath, [maker, folder]).status).toBe(0);
      const passwords = readFileSync(join(folder, 'passwords.conf'), 'utf8');
      expect([...passwords.matchAll(/^(\S+)_password: /gm)].map(([, user]) => user!).sort()).toEqual(
        [...USERS].sort(),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('every user is in one account', () => {
    expect(
      natsAccounts('main')
        .flatMap(({ users }) => users)
        .sort(),
    ).toEqual([...USERS].sort());
  });

  it('gives every service a user, and serves what the services serve', () => {
    expect(USERS).toEqual(expect.arrayContaining([...SERVICE_NAMES]));
    const { stdout } = spawnSync(
      'git',
      ['grep', '-hoE', "Serves(Query)\\('[a-z0-9.]+'\\)", '--', 'services/ledger'],
      {
        cwd: ROOT,
        encoding: 'utf8',
      },
    );
    expect(stdout.trim().split('\n')).toEqual(["ServesQuery('events.list')"]);
  });
});

const suite = NATS_SERVER === undefined ? describe.skip : describe;

suite('NATS users of Rapport on a real server (set RAPPORT_TEST_NATS_SERVER)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-permissions-'));
  let server: NatsServer;
  const users = new Map<NatsUser, PermittedUser>();
  const as = (user: NatsUser) => users.get(user)!;

  beforeAll(async () => {
    writeFileSync(join(folder, 'authorization.conf'), natsAuthorization('main'));
    writeFileSync(
      join(folder, 'passwords.conf'),
      USERS.map((user) => `${user}_password: "of-${user}"\n`).join(''),
    );
    server = await NatsServer.start({ folder, jetStream: true, config: 'include ./authorization.conf\n' });
    for (const user of USERS) users.set(user, await PermittedUser.connect(server.url, user, `of-${user}`));
    await (
      await jetstreamManager(as('relay').connection)
    ).streams.add({
      name: 'FACTS_main_1',
      subjects: ['crm.main.facts.v1.>'],
    });
  });

  afterAll(async () => {
    await Promise.all([...users.values()].map((user) => user.close()));
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('refuses a wrong password and nobody', async () => {
    await expect(PermittedUser.connect(server.url, 'gateway', 'of-ledger')).rejects.toThrow(/Authorization/);
    await expect(PermittedUser.connect(server.url, 'nobody', '')).rejects.toThrow(/Authorization/);
  });

  it.each(USERS.filter((user) => user !== 'relay'))(
    '%s publishes no fact; only the ledger’s relay does',
    async (user) => {
      expect(await as(user).mayPublish(FACT)).toBe(false);
      expect(await as('relay').mayPublish(FACT)).toBe(true);
      // Another tenant's are nobody's.
      expect(await as('relay').mayPublish(FACT.replace('main', 'other'))).toBe(false);
    },
  );

  it('every command is served by its own service alone, in its own queue group', async () => {
    for (const { name, context } of Object.values(COMMANDS)) {
      const subject = `crm.main.commands.v1.${name}`;
      for (const user of USERS) {
        expect([name, user, await as(user).maySubscribe(subject, user)]).toEqual([
          name,
          user,
          user === context,
        ]);
      }
      expect(await as(context).maySubscribe(subject)).toBe(false);
      expect(await as(context).maySubscribe(subject, 'another-group')).toBe(false);
    }
  });

  it('every query is served by the projector, by the ledger, or by the imports', async () => {
    for (const name of [...Object.keys(QUERIES), 'deadlines.due', 'retries.due', 'imports.run']) {
      const subject = `crm.main.queries.v1.${name}`;
      const server = SERVERS[name] ?? 'projector';
      for (const user of USERS) {
        expect([name, user, await as(user).maySubscribe(subject, user)]).toEqual([
          name,
          user,
          user === server,
        ]);
      }
    }
  });

  it('only gateway and imports send commands, none that only a deadline fires', async () => {
    for (const user of USERS) {
      for (const { name } of Object.values(COMMANDS)) {
        const may = ['gateway', 'imports'].includes(user) && name !== 'profiles.ReviewStanding';
        expect([user, name, await as(user).mayPublish(`crm.main.commands.v1.${name}`)]).toEqual([
          user,
          name,
          may,
        ]);
      }
    }
  });

  it('only the gateway asks everything; imports find companies and what stands there, services that decide what is due', async () => {
    for (const user of USERS) {
      for (const name of [...Object.keys(QUERIES), 'imports.run']) {
        const may = user === 'gateway' || (user === 'imports' && name === 'customers.list');
        expect([user, name, await as(user).mayPublish(`crm.main.queries.v1.${name}`)]).toEqual([
          user,
          name,
          may,
        ]);
      }
      for (const [name, askers] of [
        ['deadlines.due', DECIDING_SERVICES],
        ['retries.due', DECIDING_SERVICES],
        ['history.entry', ['imports']],
      ] as const) {
        const may = await as(user).mayPublish(`crm.main.queries.v1.${name}`);
        expect([user, name, may]).toEqual([user, name, askers.some((asker) => asker === user)]);
      }
    }
  });

  it('only deciding services ask the ledger to record; gateway and imports ask for the head, projector and subscribers read', async () => {
    const may = async (verb: string) => {
      const those: NatsUser[] = [];
      for (const user of USERS) if (await as(user).mayPublish(`crm.main.ledger.v1.${verb}`)) those.push(user);
      return those.sort();
    };
    const deciding = [...DECIDING_SERVICES];
    expect(await may('record')).toEqual([...deciding].sort());
    expect(await may('head')).toEqual(['gateway', ...deciding, 'imports', 'projector', 'subscriber'].sort());
    expect(await may('read-after')).toEqual([...deciding, 'projector', 'subscriber'].sort());
    expect(await may('read-counted')).toEqual([...deciding, 'projector', 'subscriber'].sort());
    expect(await may('read-stream')).toEqual([...deciding, 'projector'].sort());
    for (const user of USERS) {
      const serves = await as(user).maySubscribe('crm.main.ledger.v1.record', user);
      expect([user, serves]).toEqual([user, user === 'ledger']);
    }
  });

  it('what subscribers ask the ledger, it hears by other subjects, which nobody else serves and nobody asks', async () => {
    for (const verb of ['head', 'read-after', 'read-counted']) {
      const history = `crm.main.history.v1.${verb}`;
      for (const user of USERS) {
        expect([user, await as(user).maySubscribe(history, user)]).toEqual([user, user === 'ledger']);
        expect([user, await as(user).mayPublish(history)]).toEqual([user, false]);
      }
      const serve = (subject: string) =>
        as('ledger').connection.subscribe(subject, {
          queue: 'ledger',
          callback: (_error, message) => void message.respond(message.subject),
        });
      const serving = [serve(history), serve(`crm.main.ledger.v1.${verb}`)];
      await as('ledger').connection.flush();
      const heard = async (user: NatsUser) =>
        (await as(user).connection.request(`crm.main.ledger.v1.${verb}`, '{}', { timeout: 5_000 })).string();
      expect(await heard('subscriber')).toBe(history);
      expect(await heard('risk')).toBe(`crm.main.ledger.v1.${verb}`);
      for (const subscription of serving) subscription.unsubscribe();
    }
  });

  it.each(USERS)('%s hears its own inbox and nobody else’s, and no wildcard above it', async (user) => {
    for (const other of USERS) {
      expect([other, await as(user).maySubscribe(`_INBOX.${other}.>`)]).toEqual([other, other === user]);
    }
    for (const subject of [
      '>',
      '_INBOX.>',
      '_INBOX.*.>',
      'crm.>',
      'crm.main.>',
      'crm.main.commands.v1.>',
      '$SYS.>',
    ]) {
      expect([subject, await as(user).maySubscribe(subject)]).toEqual([subject, false]);
    }
  });

  it.each(USERS)('%s cannot speak into an inbox unasked', async (user) => {
    for (const other of USERS) {
      expect([other, await as(user).mayPublish(`_INBOX.${other}.abc`)]).toEqual([other, false]);
    }
  });

  it('an answer reaches who asked: allow_responses', async () => {
    const subject = 'crm.main.commands.v1.tickets.OpenTicket';
    as('tickets').connection.subscribe(subject, {
      queue: 'tickets',
      callback: (_error, message) => void message.respond('recorded'),
    });
    await as('tickets').connection.flush();
    const answer = await as('gateway').connection.request(subject, '{}', { timeout: 5_000 });
    expect(answer.string()).toBe('recorded');
  });

  it('subscribers read facts through JetStream, in order, and can do nothing to the stream', async () => {
    const fact = 'crm.main.facts.v1.risk.RiskAssessed.3';
    await jetstream(as('relay').connection).publish(fact, 'a fact');
    const facts = jetstream(as('subscriber').connection).consumers;
    const all = await facts.get('FACTS_main_1');
    expect((await all.next({ expires: 5_000 }))?.subject).toMatch(/^crm\.main\.facts\.v1\./);
    const filtered = await facts.get('FACTS_main_1', { filter_subjects: ['crm.main.facts.v1.risk.>'] });
    expect((await filtered.next({ expires: 5_000 }))?.string()).toBe('a fact');
    expect(await as('subscriber').maySubscribe('crm.main.facts.v1.>')).toBe(false);
  });

  it('what may not be published directly cannot be had as somebody’s answer either', async () => {
    const streams = (await jetstreamManager(as('operator').connection)).streams;
    const { messages } = (await streams.info('FACTS_main_1')).state;
    const reply = 'crm.main.facts.v1.risk.RiskAssessed.0';
    const heard: string[] = [];
    const command = 'crm.main.commands.v1.profiles.RegisterCustomer';
    as('profiles').connection.subscribe(command, {
      queue: 'profiles',
      callback: (_error, message) => {
        heard.push(message.string());
        message.respond('an answer');
      },
    });
    for (const subject of ['crm.main.ledger.v1.head', 'crm.main.history.v1.head']) {
      as('ledger').connection.subscribe(subject, {
        queue: 'ledger',
        callback: (_error, message) => void message.respond('a head'),
      });
    }
    await as('profiles').connection.flush();
    await as('ledger').connection.flush();
    // A service, the ledger and JetStream are asked to answer into the facts.
    as('gateway').connection.publish(command, 'ask', { reply });
    as('risk').connection.publish('crm.main.ledger.v1.head', '{}', { reply });
    as('subscriber').connection.publish('crm.main.ledger.v1.head', '{}', { reply });
    as('subscriber').connection.publish('$JS.API.STREAM.INFO.FACTS_main_1', '', { reply });
    // JetStream is asked to deliver facts as commands.
    const config = { deliver_subject: command, ack_policy: 'none', deliver_policy: 'all' };
    await as('subscriber').connection.request(
      '$JS.API.CONSUMER.CREATE.FACTS_main_1',
      JSON.stringify({ stream_name: 'FACTS_main_1', config }),
      { timeout: 5_000 },
    );
    // Each of these is answered after what was asked before it on its connection.
    await as('gateway').connection.request(command, 'last', { timeout: 5_000 });
    for (const user of ['risk', 'subscriber'] as const) {
      await as(user).connection.request('crm.main.ledger.v1.head', '{}', { timeout: 5_000 });
    }
    await (await jetstreamManager(as('subscriber').connection)).streams.info('FACTS_main_1');
    expect((await streams.info('FACTS_main_1')).state.messages).toBe(messages);
    expect(heard).toEqual(['ask', 'last']);
  });

  const STREAM_CALLS = [
    'CREATE',
    'UPDATE',
    'MSG.GET',
    'DELETE',
    'PURGE',
    'MSG.DELETE',
    'SNAPSHOT',
    'RESTORE',
  ];

  it('streams are made and read by the relay, deleted and purged by people', async () => {
    const may = async (user: NatsUser) => {
      const those: string[] = [];
      for (const call of STREAM_CALLS) {
        // Of a stream that is not there: nothing happens, but the permission is asked.
        if (await as(user).mayPublish(`$JS.API.STREAM.${call}.NONE`)) those.push(call);
      }
      return those;
    };
    for (const user of USERS) {
      const expected =
        user === 'relay' ? ['CREATE', 'UPDATE', 'MSG.GET'] : user === 'operator' ? STREAM_CALLS : [];
      expect([user, await may(user)]).toEqual([user, expected]);
    }
  });

  it('nobody else touches JetStream at all', async () => {
    for (const user of SERVICE_NAMES) {
      for (const call of [
        'INFO',
        'STREAM.INFO.FACTS_main_1',
        'CONSUMER.CREATE.FACTS_main_1',
        'CONSUMER.LIST.FACTS_main_1',
      ]) {
        expect([user, call, await as(user).mayPublish(`$JS.API.${call}`)]).toEqual([user, call, false]);
      }
    }
    const asked: Promise<JetStreamManager> = jetstreamManager(as('gateway').connection);
    await expect(asked).rejects.toThrow(/Permissions Violation/i);
  });
});
