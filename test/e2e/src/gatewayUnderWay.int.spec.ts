import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RequestClient, RequestOptions } from '@rapport/messaging';
import { Backlog } from '@rapport/platform';
import { eventually } from '@rapport/platform/testing';
import { HttpWorld, JSON_TYPE } from './harness/httpWorld.ts';

const BYTES = 4_000;

describe('requests under way in the gateway', () => {
  let http: HttpWorld;
  let backlog: Backlog;
  let held: { readonly options: RequestOptions; readonly answer: () => void }[];

  /** A service that answers when a test lets it. */
  const requests: RequestClient = {
    request: (_subject, _message, options = {}) =>
      new Promise((resolve) => {
        const answer = { id: 'x', position: 'x', revision: 0, repeated: false };
        held.push({ options, answer: () => resolve(answer as never) });
      }),
  };

  beforeEach(async () => {
    held = [];
    backlog = new Backlog('http', { limit: 3, bytes: BYTES });
    http = await HttpWorld.open({ requests, backlog, bodyLimit: 20_000 });
    await http.token('manager');
  });
  afterEach(async () => {
    for (const { answer } of held) answer();
    await http.close();
  });

  const close = (id: number): Promise<{ readonly status: number; readonly headers: Headers }> =>
    http.send('POST', `/api/tickets/018f3c5e-0000-5000-8000-00000000000${id}/closure`);
  const open = (message: string): Promise<{ readonly status: number; readonly headers: Headers }> =>
    http.send('POST', '/api/tickets', {
      customerId: http.customerId,
      kind: 'inquiry',
      channel: 'phone',
      subject: '同步',
      message,
    });

  it('are refused where they are too many, with 503 and Retry-After; health is told all the same', async () => {
    const underWay = [close(1), close(2), close(3)];
    await eventually(() => expect(held).toHaveLength(3));
    const refused = await close(4);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(backlog).toMatchObject({ waiting: 3, refused: 1 });
    expect((await http.raw('GET', '/health/live')).status).toBe(200);
    for (const { answer } of held) answer();
    for (const answered of await Promise.all(underWay)) expect(answered.status).toBe(200);
    await eventually(() => expect(backlog.waiting).toBe(0));
    const again = close(4);
    await eventually(() => expect(held).toHaveLength(4));
    held[3]!.answer();
    expect((await again).status).toBe(200);
  });

  it('are refused where their bodies together are too large, before they are read', async () => {
    const first = open('长'.repeat(1_000));
    await eventually(() => expect(held).toHaveLength(1));
    expect((await open('长'.repeat(1_000))).status).toBe(503);
    const small = close(1);
    await eventually(() => expect(held).toHaveLength(2));
    for (const { answer } of held) answer();
    await Promise.all([first, small]);
    await eventually(() => expect(backlog.waiting).toBe(0));
  });

  it('count for as long as they are worked on, also where their sender has gone, which services are told', async () => {
    const url = new URL(`${http.url}/api/tickets/018f3c5e-0000-5000-8000-000000000001/closure`);
    const headers = { ...JSON_TYPE, authorization: `Bearer ${await http.token('manager')}` };
    const leaving = request(url, { method: 'POST', headers });
    leaving.on('error', () => undefined);
    leaving.end('{}');
    await eventually(() => expect(held).toHaveLength(1));
    expect(held[0]!.options.wanted!()).toBe(true);
    leaving.destroy();
    await eventually(() => expect(held[0]!.options.wanted!()).toBe(false));
    expect(backlog.waiting).toBe(1);
    held[0]!.answer();
    await eventually(() => expect(backlog.waiting).toBe(0));
  });

  it('that never come whole give their place back', async () => {
    const url = new URL(`${http.url}/api/tickets`);
    const headers = { ...JSON_TYPE, authorization: `Bearer ${await http.token('manager')}` };
    const half = request(url, { method: 'POST', headers: { ...headers, 'content-length': '1000' } });
    half.on('error', () => undefined);
    half.write('{"subject":');
    await eventually(() => expect(backlog.waiting).toBe(1));
    half.destroy();
    await eventually(() => expect(backlog.waiting).toBe(0));
  });
});
