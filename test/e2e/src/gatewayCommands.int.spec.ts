import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpWorld } from './harness/httpWorld.ts';

describe('commands over HTTP', () => {
  let http: HttpWorld;
  const ticket = (): object => ({
    customerId: http.customerId,
    kind: 'inquiry',
    level: 'L3',
    channel: 'phone',
    subject: '数据同步异常',
  });

  beforeAll(async () => {
    http = await HttpWorld.open();
  });

  afterAll(() => http.close());

  it('R-060 a ticket is opened and responded to, each answered with its position and ETag', async () => {
    const opened = await http.send('POST', '/api/tickets', ticket());
    expect(opened).toMatchObject({
      status: 201,
      body: { id: expect.any(String), position: expect.stringMatching(/^[0-9a-f-]{36}\.\d+$/), revision: 0 },
    });
    expect(opened.headers.get('etag')).toBe('"0"');
    const { id } = opened.body as { id: string };
    expect(opened.headers.get('location')).toBe(`/api/tickets/${id}`);

    const responded = await http.send('POST', `/api/tickets/${id}/responses`, { text: '正在处理' });
    expect(responded).toMatchObject({ status: 201, body: { id, revision: 1, repeated: false } });
  });

  it('a repeated command has one effect and the same answer', async () => {
    const key = { 'idempotency-key': 'a-1' };
    const first = await http.send('POST', '/api/tickets', ticket(), key);
    const head = await http.head();
    const again = await http.send('POST', '/api/tickets', ticket(), key);
    expect(again.status).toBe(201);
    expect(again.body).toEqual({ ...first.body, repeated: true });
    expect(await http.head()).toBe(head);
  });

  it('the same key with another body is 422', async () => {
    const key = { 'idempotency-key': 'a-2' };
    await http.send('POST', '/api/tickets', ticket(), key);
    const head = await http.head();
    const other = await http.send('POST', '/api/tickets', { ...ticket(), subject: '另一件事' }, key);
    expect(other).toMatchObject({ status: 422, body: { errors: [{ field: 'Idempotency-Key' }] } });
    expect(await http.head()).toBe(head);
  });

  it('the same key for two tickets is two commands, and of two people too', async () => {
    const key = { 'idempotency-key': 'a-3' };
    const one = (await http.send('POST', '/api/tickets', ticket())).body['id'] as string;
    const two = (await http.send('POST', '/api/tickets', ticket())).body['id'] as string;
    for (const id of [one, two]) {
      const answer = await http.send('POST', `/api/tickets/${id}/responses`, { text: '好' }, key);
      expect(answer).toMatchObject({ status: 201, body: { id, repeated: false } });
    }
    const ids = await Promise.all(
      [one, two].map(async (id) => (await http.world.stream(`ticket-${id}`)).at(-1)!.commandId),
    );
    expect(new Set(ids).size).toBe(2);
    const authorization = `Bearer ${await http.token('team-lead')}`;
    const other = await http.send(
      'POST',
      `/api/tickets/${one}/responses`,
      { text: '好' },
      { ...key, authorization },
    );
    expect(other).toMatchObject({ status: 201, body: { repeated: false } });
  });

  it('If-Match of another revision is 412 and stores nothing', async () => {
    const { body } = await http.send('POST', '/api/tickets', ticket());
    const path = `/api/tickets/${body['id'] as string}/responses`;
    await http.send('POST', path, { text: '一' }, { 'if-match': '"0"' });
    const head = await http.head();
    const stale = await http.send('POST', path, { text: '二' }, { 'if-match': '"0"' });
    expect(stale).toMatchObject({ status: 412, body: { errors: [{ field: 'If-Match' }] } });
    expect(await http.send('POST', path, { text: '二' }, { 'if-match': 'W/"1"' })).toMatchObject({
      status: 412,
    });
    expect(await http.send('POST', path, { text: '二' }, { 'if-match': '1' })).toMatchObject({ status: 400 });
    expect(await http.head()).toBe(head);
    expect(await http.send('POST', path, { text: '二' }, { 'if-match': '"1"' })).toMatchObject({
      status: 201,
    });
  });

  it('R-074 a rule that refuses is 409 and named', async () => {
    const { body } = await http.send('POST', '/api/tickets', ticket());
    const closed = await http.send('POST', `/api/tickets/${body['id'] as string}/closure`);
    expect(closed).toMatchObject({
      status: 409,
      body: { rule: 'R-074', type: 'urn:rapport:problem:rule-violated' },
    });
  });

  it('keeps the actor, the correlation id and NFC text in the event', async () => {
    const correlationId = '018f3c5e-7d1a-4c3b-9a51-0c1f6f1a2b3c';
    const decomposed = { ...ticket(), subject: 'Cafe\u0301' };
    const answer = await http.send('POST', '/api/tickets', decomposed, { 'x-correlation-id': correlationId });
    expect(answer.headers.get('x-correlation-id')).toBe(correlationId);
    const [opened] = await http.world.stream(`ticket-${answer.body['id'] as string}`);
    expect(opened).toMatchObject({ correlationId, origin: 'live', data: { subject: 'Café' } });
    expect(opened!.actor).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('an import is carried out in order, and repeating it changes nothing', async () => {
    const commands = [
      {
        command: 'recordService',
        commandId: '018f3c5e-0000-5000-8000-0000000000aa',
        payload: { customerId: 'x' },
      },
      {
        command: 'identifyRisk',
        commandId: '018f3c5e-0000-5000-8000-0000000000ab',
        payload: { nonsense: true },
      },
    ];
    const head = await http.head();
    const forbidden = await http.send('POST', '/api/imports/commands', { commands });
    expect(forbidden.status).toBe(403);
    const authorization = `Bearer ${await http.token('data-steward')}`;
    const { status, body } = await http.send(
      'POST',
      '/api/imports/commands',
      { commands },
      { authorization },
    );
    expect(status).toBe(200);
    expect(
      (body['items'] as { problem: { errors: { field: string }[] } }[]).map(
        (item) => item.problem.errors[0]!.field,
      ),
    ).toEqual(['customerId', 'nonsense']);
    expect(
      await http.send(
        'POST',
        '/api/imports/commands',
        { commands: [{ ...commands[0], command: 'approveStrategicDesignation' }] },
        { authorization },
      ),
    ).toMatchObject({ status: 400, body: { errors: [{ field: 'commands[0].command' }] } });
    expect(await http.head()).toBe(head);
  });
});
