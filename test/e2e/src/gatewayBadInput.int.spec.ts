import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpWorld, JSON_TYPE } from './harness/httpWorld.ts';

const ABSENT = '018f3c5e-0000-5000-8000-00000000dead';

describe('bad input over HTTP', () => {
  let http: HttpWorld;
  let head: number;
  let customerId: string;

  beforeAll(async () => {
    http = await HttpWorld.open({ bodyLimit: 20_000 });
    customerId = http.customerId;
    head = await http.head();
  });

  afterAll(() => http.close());

  const ticket = (other: object): object => ({
    customerId,
    kind: 'inquiry',
    channel: 'phone',
    subject: '数据同步异常',
    ...other,
  });
  const customer = (other: object): object => ({ name: '科技有限公司', kind: 'company', ...other });
  const purchase = (other: object): object => ({
    purchasedOn: '2026-01-05',
    product: '年度服务',
    amount: { amount: '500000.00', currency: 'CNY' },
    ...other,
  });
  const purchases = `/api/customers/${ABSENT}/purchases`;

  type Case = readonly [what: string, path: string, body: () => unknown, status: number, field: string];
  const cases: readonly Case[] = [
    ['an unknown field', '/api/tickets', () => ticket({ colour: 'red' }), 400, 'colour'],
    [
      'an unknown nested field',
      purchases,
      () => purchase({ amount: { amount: '1.00', currency: 'CNY', tax: '1' } }),
      400,
      'amount.tax',
    ],
    ['a field named constructor', '/api/tickets', () => ticket({ constructor: 1 }), 400, 'constructor'],
    ['a wrong type', '/api/tickets', () => ticket({ subject: 7 }), 400, 'subject'],
    ['null', '/api/tickets', () => ticket({ message: null }), 400, 'message'],
    ['a missing field', '/api/tickets', () => ({ customerId }), 400, 'kind'],
    ['no body', '/api/tickets', () => undefined, 400, 'customerId'],
    [
      'a phone that is none',
      '/api/customers',
      () => customer({ contacts: [{ fullName: '张三', phone: '13900001111' }] }),
      400,
      'contacts[0].phone',
    ],
    [
      'a contact that is no object',
      '/api/customers',
      () => customer({ contacts: ['张三'] }),
      400,
      'contacts[0]',
    ],
    [
      'a list among contacts',
      '/api/customers',
      () => customer({ contacts: [{ fullName: '张三' }, []] }),
      400,
      'contacts[1]',
    ],
    [
      'a list among next steps',
      `/api/customers/${ABSENT}/interactions`,
      () => ({ nextSteps: [[]] }),
      400,
      'nextSteps[0]',
    ],
    ['a list among commands', '/api/imports/commands', () => ({ commands: [[]] }), 400, 'commands[0]'],
    ['a list among rows', '/api/imports/customers', () => ({ rows: [[]] }), 400, 'rows[0]'],
    ['a list for an amount', purchases, () => purchase({ amount: [] }), 400, 'amount'],
    ['a field that every object has', '/api/tickets', () => ticket({ toString: 1 }), 400, 'toString'],
    [
      'an e-mail address that no event can hold',
      '/api/customers',
      () =>
        customer({
          contacts: [{ fullName: '张三', email: `${'l'.repeat(64)}@${`${'d'.repeat(60)}.`.repeat(4)}com` }],
        }),
      400,
      'contacts[0].email',
    ],
    [
      'text of more characters than an event can hold',
      '/api/tickets',
      () => ticket({ subject: '☺\ufe0f'.repeat(150) }),
      400,
      'subject',
    ],
    [
      'a date that does not exist',
      '/api/customers',
      () => customer({ firstCooperationOn: '2026-02-30' }),
      400,
      'firstCooperationOn',
    ],
    [
      '29 February of a common year',
      purchases,
      () => purchase({ purchasedOn: '2025-02-29' }),
      400,
      'purchasedOn',
    ],
    [
      'an amount as number',
      purchases,
      () => purchase({ amount: { amount: 500000, currency: 'CNY' } }),
      400,
      'amount.amount',
    ],
    [
      'an amount as fraction',
      purchases,
      () => purchase({ amount: { amount: 0.1, currency: 'CNY' } }),
      400,
      'amount.amount',
    ],
    [
      'an amount in words',
      purchases,
      () => purchase({ amount: { amount: '50万', currency: 'CNY' } }),
      400,
      'amount.amount',
    ],
    [
      'an amount in exponents',
      purchases,
      () => purchase({ amount: { amount: '5e5', currency: 'CNY' } }),
      400,
      'amount.amount',
    ],
    ['an amount that is no object', purchases, () => purchase({ amount: '500000.00' }), 400, 'amount'],
    ['a null byte', '/api/tickets', () => ticket({ subject: 'a\u0000b' }), 400, 'subject'],
    ['half a surrogate pair', '/api/tickets', () => ticket({ subject: '\ud800' }), 400, 'subject'],
    ['blank text', '/api/tickets', () => ticket({ subject: '  ' }), 400, 'subject'],
    ['text over its length', '/api/tickets', () => ticket({ subject: '长'.repeat(201) }), 400, 'subject'],
    ['a list instead of an object', '/api/tickets', () => [ticket({})], 400, 'body'],
    [
      'deep nesting',
      '/api/tickets',
      () => ticket({ x: JSON.parse('['.repeat(2_000) + ']'.repeat(2_000)) as unknown }),
      400,
      'body',
    ],
    ['an unknown query parameter', '/api/tickets?force=1', () => ticket({}), 400, 'force'],
    ['an unknown customer', '/api/tickets', () => ticket({ customerId: ABSENT }), 404, 'customerId'],
  ];

  it.each(cases)('%s is refused, named and not stored', async (_what, path, body, status, field) => {
    const role = path.startsWith('/api/imports') ? 'data-steward' : 'manager';
    const authorization = `Bearer ${await http.token(role)}`;
    const answer = await http.send('POST', path, body(), { authorization });
    expect(answer).toMatchObject({ status, body: { type: expect.stringMatching(/^urn:rapport:problem:/) } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const { errors } = answer.body as { errors: { field: string; message: string }[] };
    expect(errors.map((error) => error.field)).toContain(field);
    expect(JSON.stringify([errors, answer.body['detail']])).not.toMatch(/13900001111|50万|5e5|2026-02-30/);
    expect(await http.head()).toBe(head);
  });

  it('an instant in the future is refused, named and not stored (R-074)', async () => {
    const other = await HttpWorld.open();
    try {
      const { body } = await other.send('POST', '/api/tickets', {
        customerId: other.customerId,
        kind: 'complaint',
        channel: 'complaint-line',
        subject: '服务中断',
      });
      const path = `/api/tickets/${body['id'] as string}`;
      await other.send('POST', `${path}/resolution`, { solution: '已修复' });
      const before = await other.head();
      const visit = { visitedAt: '2099-01-01T00:00:00Z', opinion: '满意', satisfaction: 5 };
      expect(await other.send('POST', `${path}/return-visits`, visit)).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'visitedAt' }] },
      });
      expect(await other.head()).toBe(before);
    } finally {
      await other.close();
    }
  });

  it('broken UTF-8 is refused', async () => {
    const bytes = Buffer.concat([Buffer.from('{"subject":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
    const headers = { ...JSON_TYPE, authorization: `Bearer ${await http.token('manager')}` };
    expect(await http.raw('POST', '/api/tickets', { body: bytes, headers })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'body', message: expect.stringContaining('UTF-8') }] },
    });
    expect(await http.raw('GET', '/api/customers?name=%FF', { headers })).toMatchObject({ status: 400 });
    expect(await http.raw('GET', '/api/customers/%FF', { headers })).toMatchObject({ status: 400 });
  });

  it.each([
    ['truncated', '{"subject":"数据', 400],
    ['with a prototype', '{"__proto__":{"x":1}}', 400],
    ['with an infinite number', '{"subject":1e999}', 400],
    ['empty', '', 400],
    ['not JSON', 'subject=x', 400],
  ])('JSON that is %s is refused', async (_what, body, status) => {
    const headers = { ...JSON_TYPE, authorization: `Bearer ${await http.token('manager')}` };
    const answer = await http.raw('POST', '/api/tickets', { body, headers });
    expect(answer).toMatchObject({ status, body: { errors: expect.any(Array) } });
    expect(await http.head()).toBe(head);
  });

  it('a body over the limit is 413', async () => {
    const answer = await http.send('POST', '/api/tickets', ticket({ message: '长'.repeat(9_000) }));
    expect(answer).toMatchObject({ status: 413, body: { errors: [{ field: 'body' }] } });
    expect(await http.head()).toBe(head);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=gb18030'])(
    'a body of type %s is 415',
    async (type) => {
      const answer = await http.send('POST', '/api/tickets', ticket({}), { 'content-type': type });
      expect(answer).toMatchObject({ status: 415, body: { errors: [{ field: 'Content-Type' }] } });
    },
  );

  it.each([
    ['an unknown ticket', 'POST', `/api/tickets/${ABSENT}/responses`, { text: 'x' }],
    ['an id that is no UUID', 'POST', '/api/tickets/42/responses', { text: 'x' }],
    [
      'an unknown policy',
      'PUT',
      '/api/policies/toString',
      { value: {}, effectiveFrom: '2030-01-01T00:00:00Z' },
    ],
    ['an unknown address', 'GET', '/api/nothing', undefined],
  ])('%s is 404', async (_what, method, path, body) => {
    const answer = await http.send(method, path, body);
    expect(answer).toMatchObject({ status: 404, body: { type: 'urn:rapport:problem:not-found' } });
    expect(JSON.stringify(answer.body)).not.toContain(path);
    expect(await http.head()).toBe(head);
  });

  it('a wrong method is 405 and told the right ones', async () => {
    const answer = await http.send('DELETE', '/api/tickets');
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
  });

  it.each(['with space', '', 'ü', 'x'.repeat(201)])('the Idempotency-Key «%s» is refused', async (key) => {
    const answer = await http.send('POST', '/api/tickets', ticket({}), { 'idempotency-key': key });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'Idempotency-Key' }] } });
    expect(await http.head()).toBe(head);
  });

  it.each([
    ['/api/imports/commands', { commands: [] }],
    ['/api/imports/customers', { rows: [] }],
  ])('an Idempotency-Key is not silently ignored by %s', async (path, body) => {
    const authorization = `Bearer ${await http.token('administrator')}`;
    const answer = await http.send('POST', path, body, { authorization, 'idempotency-key': 'k-1' });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'Idempotency-Key' }] } });
  });

  it.each([
    ['no HTTP', 'HELLO\r\n\r\n', 400],
    ['a length that is none', 'POST /api/tickets HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n', 400],
    ['headers too large', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
  ])('%s is answered by a problem document, and the connection closed', async (_what, bytes, status) => {
    const { hostname, port } = new URL(http.url);
    const socket = connect(Number(port), hostname.replace(/[[\]]/g, ''));
    socket.write(bytes);
    const answer = await text(socket);
    const [head, body] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toContain('Content-Type: application/problem+json');
    expect(JSON.parse(body!)).toMatchObject({ type: 'urn:rapport:problem:bad-request', status });
  });

  it('If-Match is not silently ignored where there is no record', async () => {
    const answer = await http.send('POST', '/api/tickets', ticket({}), { 'if-match': '"0"' });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'If-Match' }] } });
    expect(await http.head()).toBe(head);
  });

  it.each([
    ['an unknown parameter', '/api/tickets?colour=red', 'colour'],
    ['one too many', '/api/events?from=0&limit=1001', 'limit'],
    ['a negative index', '/api/events?from=-1', 'from'],
    ...['1e2', '0x10', '%201', '%2B5', '', '1.0', '99999999999999999', '9999999999999999'].map(
      (text) => [`the number «${text}»`, `/api/events?from=${text}`, 'from'] as const,
    ),
    ['__proto__', '/api/tickets?__proto__=1', '__proto__'],
    ['constructor', '/api/tickets?%63onstructor=1', 'constructor'],
    ['a parameter twice', '/api/tickets?level=L1&level=L2', 'level'],
    ['a position that is none', '/api/tickets?after=yesterday', 'after'],
    ['a position in another log', `/api/tickets?after=018f3c5e-0000-7000-8000-000000000000.4`, 'after'],
    ['a parameter where none is', '/api/projections?x=1', 'x'],
  ])('a query with %s is refused', async (_what, path, field) => {
    const authorization = `Bearer ${await http.token('administrator')}`;
    const answer = await http.send('GET', path, undefined, { authorization });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });
});
