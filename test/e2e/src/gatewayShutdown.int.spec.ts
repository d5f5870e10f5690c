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
