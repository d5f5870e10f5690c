import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Progress } from './follower.ts';
import { afterLook, newRecord, standsStill, STILL_MS, type FollowerRecord } from './followerRecord.ts';
import { LOOK_MS } from './followers.ts';

/** The record after these looks, one every LOOK_MS; undefined where nothing could be measured. */
function looked(looks: readonly (Progress | undefined)[], from = newRecord(0)): FollowerRecord {
  return looks.reduce<FollowerRecord>(
    (record, progress, n) => afterLook(record, progress, (n + 1) * LOOK_MS, LOOK_MS),
    from,
  );
}

const times = (count: number, progress: Progress | undefined) =>
  Array.from({ length: count }, () => progress);
/** Looks after the first that sees the work, until it is a standstill. */
const UNTIL_STILL = STILL_MS / LOOK_MS;
const stuck: Progress = { position: 4, head: 9 };

describe('no silent stall: what a follower is seen to do', () => {
  it('stands still with work to do for STILL_MS, and not a look sooner', () => {
    expect(standsStill(looked(times(UNTIL_STILL, stuck)))).toBe(false);
    expect(standsStill(looked(times(UNTIL_STILL + 1, stuck)))).toBe(true);
  });

  it('never stands still with nothing to do, however long', () => {
    const idle = looked(times(10_000, { position: 9, head: 9 }));
    expect(standsStill(idle)).toBe(false);
    expect(idle.distance).toBe(0);
    expect(standsStill(looked([...times(1_000, { position: 9, head: 9 }), ...times(3, stuck)]))).toBe(false);
  });

  it('does not stand still while it stands by for another, nor at once when it takes over', () => {
    const standby = looked(times(1_000, { ...stuck, standsBy: true }));
    expect(standsStill(standby)).toBe(false);
    expect(standby.distance).toBe(5);
    expect(standsStill(looked(times(UNTIL_STILL, stuck), standby))).toBe(false);
    expect(standsStill(looked(times(UNTIL_STILL + 1, stuck), standby))).toBe(true);
  });

  it('stands still also while the head grows, and while it does the same again and again', () => {
    const growing = Array.from({ length: 20 }, (_, n) => ({ position: 4, head: 9 + n }));
    expect(standsStill(looked(growing))).toBe(true);
    const again = Array.from({ length: 40 }, (_, n) => ({ position: n % 2 === 0 ? -1 : 4, head: 9 }));
    expect(standsStill(looked(again))).toBe(true);
    const steps = Array.from({ length: 40 }, (_, n) => ({ ...stuck, steps: n % 3 }));
    expect(standsStill(looked(steps))).toBe(true);
  });

  it('goes on with each step inside a batch that was not done before', () => {
    const steps = Array.from({ length: 100 }, (_, n) => ({ ...stuck, steps: n }));
    expect(standsStill(looked(steps))).toBe(false);
  });

  it('stands where it stood while it cannot be measured', () => {
    const unmeasured = looked([stuck, ...times(UNTIL_STILL, undefined)]);
    expect(standsStill(unmeasured)).toBe(true);
    expect(unmeasured).toMatchObject({ distance: 5, unmeasuredMs: STILL_MS, measuredAt: LOOK_MS });
    const idle = looked([{ position: 9, head: 9 }, ...times(100, undefined)]);
    expect(standsStill(idle)).toBe(false);
    expect(idle.unmeasuredMs).toBe(100 * LOOK_MS);
  });

  it('tells how long its oldest item has been seen to wait, whatever comes after it', () => {
    const place = fc.record({ done: fc.nat(3), more: fc.nat(5) });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 60 }), (steps) => {
        let [position, head, record] = [-1, -1, newRecord(0)];
        const firstSeen: number[] = [];
        steps.forEach(({ done, more }, n) => {
          const now = (n + 1) * LOOK_MS;
          for (let item = 0; item < more; item += 1) firstSeen.push(now);
          head += more;
          position = Math.min(head, position + done);
          record = afterLook(record, { position, head }, now, LOOK_MS);
          expect(record.ahead[0]?.at).toBe(firstSeen[position + 1]);
        });
      }),
    );
  });

  it('remembers a bounded number of heads, and the oldest of them for ever', () => {
    const growing = looked(Array.from({ length: 100_000 }, (_, n) => ({ position: 4, head: 9 + n })));
    expect(growing.ahead.length).toBeLessThanOrEqual(256);
    expect(growing.ahead[0]!.at).toBe(LOOK_MS);
  });
});
