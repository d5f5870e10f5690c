import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import type { QueryAnswer } from '@rapport/contracts';
import { HttpWorld } from './harness/httpWorld.ts';

it('closing answers what is under way, and takes nothing new', async () => {
  let arrived!: () => void;
  let goOn!: (answer: QueryAnswer) => void;
  const underWay = new Promise<void>((resolve) => (arrived = resolve));
  const answer = new Promise<QueryAnswer>((resolve) => (goOn = resolve));
  const http = await HttpWorld.open({
    requests: {
      request: async <Reply>() => {
        arrived();
        return (await answer) as Reply;
      },
    },
  });
  const sent = http.send('GET', '/api/tickets');
  await underWay;
  const closed = http.app.close();
  goOn({ body: { items: [] }, stale: true, next: 'abc' });
  const { status, headers, body } = await sent;
  expect([status, body, headers.get('rapport-stale')]).toEqual([200, { items: [], next: 'abc' }, 'true']);
  await closed;
  await expect(http.raw('GET', '/health/live')).rejects.toThrow();
  await http.world.close();
});

it.each([
  ['on which nothing was ever sent, as browsers and load balancers keep one ready', ''],
  ['whose request never gets further than its beginning', 'GET /api/tickets HTTP/1.1\r\nHost: x\r\n'],
])('closing does not wait for a connection %s', async (_what, sent) => {
  const http = await HttpWorld.open({});
  const { port } = http.app.getHttpServer().address() as AddressInfo;
  const spare = connect(port, '127.0.0.1');
  spare.on('error', () => undefined);
  await once(spare, 'connect');
  spare.write(sent);
  // The server has it.
  await http.raw('GET', '/health/live');
  // By itself it never would: nothing times such a connection out any more.
  await http.app.close();
  expect(spare.destroyed || (await once(spare, 'close'))).toBeTruthy();
  await http.world.close();
});
