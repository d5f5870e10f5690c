import v8 from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '../eventStore.ts';
import { followLog } from './followLog.ts';
import { RecentEvents, type Room } from './recentEvents.ts';
import { storedEventBytes } from './storedEventBytes.ts';

const event = (position: number, size = 10): StoredEvent => ({
  position,
  index: position,
  stream: 'ticket-1',
  revision: position,
  id: String(position),
  type: 'crm.tickets.TicketOpened',
  data: new Uint8Array(size),
});
const events = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => event(from + n));
const ample = (): Room => ({ bytes: 0, limit: Infinity });
const positions = (found: readonly StoredEvent[] | undefined) => found?.map(({ position }) => position);

describe('recent events', () => {
  it('serve whoever is at the floor or after it, and nobody before it', () => {
    const recent = new RecentEvents(ample(), 9);
    expect(recent.after(8, 5)).toBeUndefined();
    expect(recent.after(9, 5)).toEqual([]);
    recent.add(events(10, 14));
    expect(positions(recent.after(9, 3))).toEqual([10, 11, 12]);
    expect(positions(recent.after(12, 5))).toEqual([13, 14]);
    expect(positions(recent.after(99, 5))).toEqual([]);
  });

  it.each([
    ['events', new RecentEvents(ample(), -1, 4)],
    ['bytes', new RecentEvents({ bytes: 0, limit: 4 * storedEventBytes(event(0)) }, -1, 1_000)],
  ])('are bounded by %s', (_, recent) => {
    for (let n = 0; n < 100; n += 1) recent.add([event(n)]);
    expect(recent.after(94, 10)).toBeUndefined();
    expect(positions(recent.after(95, 10))).toEqual([96, 97, 98, 99]);
  });

  it('let go of what is dropped: large events do not stay in memory until thousands have come', async () => {
    v8.setFlagsFromString('--expose-gc');
    const recent = new RecentEvents({ bytes: 0, limit: 3 * storedEventBytes(event(0, 1_000)) });
    const seen: WeakRef<StoredEvent>[] = [];
    for (let n = 0; n < 100; n += 1) {
      const one = event(n, 1_000);
      seen.push(new WeakRef(one));
      recent.add([one]);
    }
    await new Promise(setImmediate);
    runInNewContext('gc')();
    expect(positions(recent.after(96, 10))).toEqual([97, 98, 99]);
    expect(seen.filter((one) => one.deref() !== undefined).length).toBeLessThan(10);
  });

  it('send everybody to the store when it is uncertain what was stored, until events come again', () => {
    const recent = new RecentEvents(ample());
    recent.add(events(0, 4));
    recent.forget();
    expect(recent.after(4, 5)).toBeUndefined();
    recent.add(events(6, 7));
    expect(recent.after(4, 5)).toBeUndefined();
    expect(positions(recent.after(5, 5))).toEqual([6, 7]);
  });
});

describe('following a log', () => {
  it('reads pages again after falling behind, without gap or duplicate', async () => {
    const recent = new RecentEvents(ample(), -1, 8);
    const log: StoredEvent[] = [];
    const append = (count: number) => {
      const added = events(log.length, log.length + count - 1);
      log.push(...added);
      recent.add(added);
    };
    let pages = 0;
    const read = async (after: number, limit: number) => {
      pages += 1;
      return log.filter(({ position }) => position > after).slice(0, limit);
    };
    const stop = new AbortController();
    const followed: number[] = [];
    append(3);
    for await (const batch of followLog(recent, read, { after: -1, signal: stop.signal, batchSize: 5 })) {
      followed.push(...positions(batch)!);
      if (log.length < 60) append(12);
      if (followed.length === log.length) stop.abort();
    }
    expect(followed).toEqual(positions(log));
    expect(pages).toBeGreaterThan(3);
  });

  it('sees what was stored uncertainly, once it is readable, before what follows live', async () => {
    const recent = new RecentEvents(ample());
    const log = events(0, 2);
    recent.add(log.slice(0, 2));
    const stop = new AbortController();
    const followed: number[] = [];
    const read = async (after: number) => log.filter(({ position }) => position > after);
    for await (const batch of followLog(recent, read, { after: -1, signal: stop.signal })) {
      followed.push(...positions(batch)!);
      if (followed.length === 2) recent.forget();
      if (followed.length === 3) {
        log.push(event(3));
        recent.add([event(3)]);
      }
      if (followed.length === 4) stop.abort();
    }
    expect(followed).toEqual([0, 1, 2, 3]);
  });

  it('misses nothing that is announced while it reads', async () => {
    const recent = new RecentEvents(ample());
    recent.forget();
    const stop = new AbortController();
    let read = 0;
    // What is read was taken before the event came, as from a snapshot.
    const readEmpty = async () => {
      read += 1;
      if (read === 1) recent.add([event(0)]);
      return [];
    };
    for await (const batch of followLog(recent, readEmpty, { after: -1, signal: stop.signal })) {
      expect(positions(batch)).toEqual([0]);
      stop.abort();
    }
    expect(read).toBe(1);
  });

  it("throws the store's failure to those who wait", async () => {
    const recent = new RecentEvents(ample());
    const following = followLog(recent, async () => [], { after: -1, signal: new AbortController().signal });
    const waiting = following.next();
    recent.end(new Error('gone') as never);
    await expect(waiting).rejects.toThrow('gone');
  });
});
