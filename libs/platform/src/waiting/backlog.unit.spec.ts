import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Backlog } from './backlog.ts';

describe('what waits', () => {
  it('is never more than may, in number and in bytes, but one alone of any size', () => {
    const step = fc.oneof(fc.nat(60), fc.constant('leave' as const));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const backlog = new Backlog('here', { limit: 4, bytes: 100 });
        const inside: number[] = [];
        let refused = 0;
        for (const what of steps) {
          if (what === 'leave') {
            const bytes = inside.shift();
            if (bytes !== undefined) backlog.leave(bytes);
          } else if (backlog.enter(what)) inside.push(what);
          else refused += 1;
          const bytes = inside.reduce((sum, one) => sum + one, 0);
          expect(inside.length).toBeLessThanOrEqual(4);
          if (inside.length > 1) expect(bytes).toBeLessThanOrEqual(100);
          expect(backlog).toMatchObject({ waiting: inside.length, refused });
        }
      }),
    );
  });

  it('lets in one that is larger than all the room', () => {
    const backlog = new Backlog('here', { limit: 4, bytes: 100 });
    expect([backlog.enter(500), backlog.enter(0)]).toEqual([true, false]);
    backlog.leave(500);
    expect(backlog.enter(1)).toBe(true);
  });
});
