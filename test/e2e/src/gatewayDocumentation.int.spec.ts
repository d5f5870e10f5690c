import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COMMANDS, QUERIES } from '@rapport/contracts';
import { ASKS, ROUTES, SENDS } from '@rapport/service-gateway';
import { HttpWorld } from './harness/httpWorld.ts';

interface Operation {
  readonly operationId: string;
  readonly responses: Record<string, { content?: Record<string, object> }>;
  readonly security?: object[];
  readonly requestBody?: object;
}

describe('the description of the API', () => {
  let http: HttpWorld;
  let document: {
    openapi: string;
    paths: Record<string, Record<string, Operation>>;
    servers: object[];
    components: { schemas: Record<string, object>; securitySchemes: object };
  };

  beforeAll(async () => {
    http = await HttpWorld.open();
    document = (await http.raw('GET', '/openapi.json')).body as unknown as typeof document;
  });

  afterAll(() => http.close());

  const named = (key: string): string[] =>
    ROUTES.flatMap((routes) =>
      Object.getOwnPropertyNames(routes.prototype).flatMap(
        (method) =>
          (Reflect.getMetadata(key, (routes.prototype as unknown as Record<string, object>)[method]!) ??
            []) as string | string[],
      ),
    );

  it('every command has a route, but the one that only a deadline fires', () => {
    const commands = Object.keys(COMMANDS).filter((name) => name !== 'reviewStanding');
    expect(named(SENDS).sort()).toEqual(commands.sort());
  });

  it('every query has a route', () => {
    expect(named(ASKS).sort()).toEqual(Object.keys(QUERIES).sort());
  });

  it('is OpenAPI 3.1 with the paths that others rely on', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/health/live',
        '/health/ready',
        '/demo/sign-in',
        '/api/customers',
        '/api/customers/{customerId}',
        '/api/customers/{customerId}/purchases',
        '/api/tiers/summary',
        '/api/satisfaction/summary',
        '/api/tickets',
        '/api/tickets/{ticketId}',
        '/api/tickets/{ticketId}/responses',
        '/api/events',
      ]),
    );
  });

  it('gives every operation an id of its own, problems, and a bearer token where it needs one', () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, method, operation } of operations.filter((one) => one.path.startsWith('/api'))) {
      expect([path, method, operation.security]).toEqual([path, method, [{ bearer: [] }]]);
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining(['400', '401', '403', '429', '503']),
      );
      expect(operation.responses['401']!.content).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
    }
  });

  it('refers to nothing that is not there, and has nothing that is not referred to', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, ref]) => ref!);
    const there = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...new Set(refs)].sort()).toEqual(there.sort());
  });

  it('calls operations as people type them: getCustomer, listContacts, no underscore anywhere', () => {
    const ids = Object.values(document.paths)
      .flatMap((methods) => Object.values(methods))
      .map(({ operationId }) => operationId);
    for (const id of ids) expect(id).toMatch(/^[a-z]+([A-Z][a-z]+)*$/);
    expect(ids).toEqual(
      expect.arrayContaining(['getCustomer', 'listContacts', 'getCustomerView', 'getTierSummary']),
    );
    expect(ids).toEqual(expect.arrayContaining(Object.values(QUERIES).map(({ operation }) => operation)));
  });

  it('has a schema with a name of its own for every answer, lists, items and problems too', () => {
    const named = { $ref: expect.stringMatching(/^#\/components\/schemas\/[A-Z][A-Za-z]+$/) };
    for (const methods of Object.values(document.paths)) {
      for (const { operationId, responses } of Object.values(methods)) {
        for (const [status, { content = {} }] of Object.entries(responses)) {
          const schemas = Object.values(content) as { schema: object }[];
          expect([operationId, status, schemas]).toEqual([operationId, status, [{ schema: named }]]);
        }
      }
    }
  });

  it('says of nothing that it may be anything, but of what policies and imports hold', () => {
    const open = Object.entries(document.components.schemas)
      .filter(([, schema]) =>
        /"additionalProperties":(true|\{\})|"type":"object"\}/.test(JSON.stringify(schema)),
      )
      .map(([name]) => name);
    expect(open.sort()).toEqual([
      'ChangePolicy',
      'ImportCommand',
      'LoggedEventPolicyChanged',
      // What a later release wrote, nobody can describe in this one.
      'UnreadableEvent',
    ]);
  });

  it('names the address that it was reached at', async () => {
    expect(document.servers).toEqual([{ url: http.url.replace('[::1]', 'localhost') }]);
    const reachedAt = async (host: string): Promise<unknown> =>
      (await http.app.inject({ url: '/openapi.json', headers: { host } })).json<typeof document>().servers;
    expect(await reachedAt('crm.example.com:8443')).toEqual([{ url: 'http://crm.example.com:8443' }]);
    expect(await reachedAt('not a host')).toEqual([{ url: '/' }]);
  });

  it('describes fields as they are checked', () => {
    expect(document.components.schemas['OpenTicket']).toMatchObject({
      required: ['customerId', 'kind', 'channel', 'subject'],
      properties: { subject: { type: 'string', maxLength: 200 }, level: { enum: ['L1', 'L2', 'L3'] } },
    });
  });

  it('can be read at /docs, with nothing loaded from elsewhere', async () => {
    const page = await http.raw('GET', '/docs');
    expect(page.status).toBe(200);
    const sources = [...(page.body['text'] as string).matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, source]) => source!,
    );
    expect(sources).toHaveLength(3);
    for (const source of sources) {
      expect(source).toMatch(/^\/docs\//);
      expect((await http.raw('GET', source)).status).toBe(200);
    }
  });
});
