import { describe, expect, it } from '@jest/globals';
import { newEvent, write } from '../conformance/fixtures.ts';
import { NO_STREAM } from '../eventStore.ts';
import { IdClaims } from './idClaims.ts';

describe('id claims', () => {
  it('let a second append with an id in common wait for the first, and no other', async () => {
    const claims = new IdClaims();
    const order: string[] = [];
    const gates = new Map<string, () => void>();
    const [a, b, c] = [newEvent(), newEvent(), newEvent()];
    const run = (name: string, ...events: (typeof a)[]) =>
      claims.run([write('ticket-1', NO_STREAM, ...events)], async () => {
        order.push(`${name} begins`);
        await new Promise<void>((resolve) => gates.set(name, resolve));
        order.push(`${name} ends`);
        if (name === 'first') throw new Error('refused');
      });
    const first = run('first', a, b).catch(() => {});
    const second = run('second', b);
    const third = run('third', c);
    gates.get('third')!();
    await third;
    gates.get('first')!();
    await first;
    while (!gates.has('second')) await new Promise(setImmediate);
    gates.get('second')!();
    await second;
    expect(order).toEqual([
      'first begins',
      'third begins',
      'third ends',
      'first ends',
      'second begins',
      'second ends',
    ]);
  });
});
