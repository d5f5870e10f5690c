import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  COMMANDS,
  isPermitted,
  QUERIES,
  ROLES,
  type CommandDefinition,
  type CommandName,
  type Permission,
  type QueryName,
  type Role,
} from '@rapport/contracts';
import { fieldKinds, hostileBodies, validBodies, validValues } from '@rapport/contracts/testing';
import fc from 'fast-check';
import { openFullWorld } from './harness/fullWorld.ts';
import type { Answer, HttpWorld } from './harness/httpWorld.ts';
import { idOf } from './harness/world.ts';

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

/** Where an operation is asked for. */
interface Address {
  readonly method: string;
  readonly path: string;
}

const SENT = Object.keys(COMMANDS).filter((name) => name !== 'reviewStanding') as CommandName[];
const ASKED = Object.keys(QUERIES) as QueryName[];
const POLICIES_OF = 'changePolicy';
const RUNS = { numRuns: 25, interruptAfterTimeLimit: 60_000 } as const;

describe('whatever is sent over HTTP', () => {
  let http: HttpWorld;
  let known: Readonly<Record<string, string>>;
  const addresses = new Map<string, Address>();

  beforeAll(async () => {
    http = await openFullWorld();
    const { customerId } = http;
    const { id: ticketId } = (await created('/api/tickets', {
      customerId,
      kind: 'support',
      channel: 'phone',
      subject: '同步',
    }))!;
    const { id: riskId } = (await created('/api/risks', {
      customerId,
      kind: 'credit',
      source: '回访',
      evidence: '逾期',
    }))!;
    known = {
      customerId,
      ticketId,
      riskId,
      contactId: idOf('张经理'),
      participants: idOf('张经理'),
      personId: idOf('nobody'),
      policy: 'recording',
      view: 'risks',
    } as Record<string, string>;
    const { body } = await http.raw('GET', '/openapi.json');
    const { paths } = body as { paths: Record<string, Record<string, Operation>> };
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, { operationId }] of Object.entries(methods)) {
        addresses.set(operationId, { method: method.toUpperCase(), path });
      }
    }
  });

  afterAll(() => http.close());

  async function created(path: string, body: object): Promise<{ readonly id: string }> {
    return (await http.send('POST', path, body)).body as unknown as { id: string };
  }

  function addressOf(operation: string): Address {
    const address = addresses.get(operation) ?? addresses.get(POLICIES_OF)!;
    const path = address.path.replace(/\{(\w+)\}/g, (_all, name: string) => known[name] ?? idOf(name));
    return { ...address, path };
  }

  async function send({ method, path }: Address, body: unknown, permission: Permission): Promise<Answer> {
    const role = ROLES.find((one) => isPermitted(permission, [one])) as Role;
    return http.send(method, path, body, { authorization: `Bearer ${await http.token(role)}` });
  }

  it.each(SENT)('%s: a body with one fault is a 400 that names the field', async (name) => {
    const { body: kinds, permission }: CommandDefinition = COMMANDS[name];
    await fc.assert(
      fc.asyncProperty(hostileBodies(kinds as never, known), async ({ body, field, fault }) => {
        const { status, body: problem } = await send(addressOf(name), body, permission);
        const named = ((problem['errors'] ?? []) as { field: string }[]).map((error) => error.field);
        expect([fault, status, named]).toEqual([fault, 400, [fault.includes('deep') ? 'body' : field]]);
      }),
      RUNS,
    );
  });

  it.each(SENT)('%s: a valid body is decided on, and never fails', async (name) => {
    const { body: kinds, permission }: CommandDefinition = COMMANDS[name];
    await fc.assert(
      fc.asyncProperty(validBodies(kinds, known), async (body) => {
        expect((await send(addressOf(name), body, permission)).status).toBeLessThan(500);
      }),
      RUNS,
    );
  });

  it.each(['importCommands', 'importRows'])('%s: any rows or commands are refused or taken', async (name) => {
    const text = fc.oneof(fc.string(), fc.constant('张三'));
    const row = fc.record({ line: fc.integer(), occurrence: fc.nat(), values: fc.dictionary(text, text) });
    const command = fc.record({
      command: fc.constantFrom(...SENT),
      commandId: fc.uuid(),
      payload: fc.constantFrom(...SENT).chain((one) => validBodies(COMMANDS[one].body, known)),
    });
    const items = name === 'importRows' ? row : command;
    const body = fc.record({
      [name === 'importRows' ? 'rows' : 'commands']: fc.array(fc.oneof(items, fc.jsonValue()), {
        maxLength: 4,
      }),
    });
    const { method, path } = addressOf(name);
    const address = { method, path: path.replace(idOf('kind'), 'customers') };
    await fc.assert(
      fc.asyncProperty(body, async (sent) => {
        expect((await send(address, sent, 'imports.run')).status).toBeLessThan(500);
      }),
      RUNS,
    );
  });

  it.each(ASKED)('%s: any parameters are answered or refused, in every role', async (name) => {
    const { operation, parameters, permission } = QUERIES[name];
    const kinds = fieldKinds(parameters);
    const values = kinds.map((kind) => validValues(kind).map((value) => [kind.name, String(value)]));
    const strange = fc.tuple(
      fc.constantFrom('colour', '__proto__', 'limit[]', 'cursor', 'limit', ...kinds.map((kind) => kind.name)),
      fc.oneof(fc.string(), fc.constantFrom('', '-1', '1e9', '0', '\u0000')),
    );
    const one = fc.oneof(...values, ...values, strange);
    const { method, path } = addressOf(operation);
    const roles = ROLES.filter((role) => isPermitted(permission, [role]));
    await fc.assert(
      fc.asyncProperty(
        fc.array(one, { maxLength: 3 }),
        fc.constantFrom(...roles),
        async (parameter, role) => {
          const query = new URLSearchParams(parameter as [string, string][]).toString();
          const authorization = `Bearer ${await http.token(role)}`;
          const { status } =
            method === 'GET'
              ? await http.send(method, `${path}?${query}`, undefined, { authorization })
              : await http.send(method, path, Object.fromEntries(parameter), { authorization });
          expect(status).toBeLessThan(500);
        },
      ),
      RUNS,
    );
  });
});
