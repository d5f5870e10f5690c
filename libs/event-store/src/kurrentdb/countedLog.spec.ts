import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { uuid } from '../conformance/fixtures.ts';
import type { StoredEvent } from '../eventStore.ts';
import { CountedLog, MapDisagrees } from './countedLog.ts';
import { SEGMENT_EVENTS } from './countedPositions.ts';
import type { LoggedEvent } from './loggedEvent.ts';
import type { PositionsEntry } from './positionsEntry.ts';

function logOf(streams: readonly string[]): LoggedEvent[] {
  const revisions = new Map<string, number>();
  return streams.map((stream, n) => {
    const revision = (revisions.get(stream) ?? -1) + 1;
    revisions.set(stream, revision);
    return { position: 10 + n * 7, stream, revision, id: uuid(), type: 'crm.T', data: new Uint8Array(1) };
  });
}

const STREAMS = fc.constantFrom('ticket-1', 'customer-1', 'snapshot-1', 'somethingElse-1');

function announced(log: CountedLog): readonly StoredEvent[] {
  log.announce();
  return log.recent.after(log.recent.after(-1, 1) === undefined ? Infinity : -1, 10_000) ?? [];
}

function entriesOf(events: readonly LoggedEvent[]): PositionsEntry[] {
  const entries: PositionsEntry[] = [];
  for (let end = SEGMENT_EVENTS; end <= events.length; end += SEGMENT_EVENTS) {
    const segment = events.slice(end - SEGMENT_EVENTS, end);
    const { position, id } = segment.at(-1)!;
    entries.push({
      index: end - 1,
      position,
      id,
      positions: Float64Array.from(segment.map((e) => e.position)),
    });
  }
  return entries;
}

describe('the counted log', () => {
  it('takes every event once and in order, however its sources overlap', () => {
    const pages = fc.array(fc.record({ back: fc.nat(8), length: fc.integer({ min: 0, max: 12 }) }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(fc.array(STREAMS, { maxLength: 60 }), pages, (streams, sources) => {
        const events = logOf(streams);
        const log = new CountedLog({ bytes: 0, limit: Infinity });
        let seen = 0;
        // Each source begins at or before what is known, and goes on without a gap: page, subscription, page …
        for (const { back, length } of [...sources, { back: 0, length: events.length }]) {
          const from = Math.max(0, seen - back);
          for (const event of events.slice(from, from + length)) log.take(event);
          seen = Math.max(seen, Math.min(events.length, from + length));
        }
        let index = -1;
        const expected = events.map((event) => {
          const counted = !event.stream.startsWith('s');
          if (counted) index += 1;
          return { ...event, index: counted ? index : null };
        });
        expect(announced(log)).toEqual(expected);
        expect(log.counted.count).toBe(index + 1);
        expect(log.position).toBe(events.at(-1)?.position ?? -1);
      }),
    );
  });

  it('counts on from the map as if it had read everything', () => {
    const events = logOf(Array.from({ length: 3 * SEGMENT_EVENTS + 17 }, () => 'ticket-1'));
    const whole = new CountedLog({ bytes: 0, limit: Infinity });
    for (const event of events) whole.take(event);
    const entries = entriesOf(events);
    for (const start of [0, 1, 2, 3]) {
      const log = new CountedLog({ bytes: 0, limit: Infinity }, entries, start);
      for (const event of events.slice(start * SEGMENT_EVENTS)) log.take(event);
      expect(log.counted.count).toBe(whole.counted.count);
      for (const { position } of events)
        expect(log.counted.indexOf(position)).toBe(whole.counted.indexOf(position));
      expect(log.recent.after(events[3_005]!.position, 1)).toEqual([]);
      log.announce();
      expect(log.recent.after(events[3_005]!.position, 1)![0]!.index).toBe(3_006);
    }
  });

  it('notices that the map is not the log’s', () => {
    const events = logOf(Array.from({ length: SEGMENT_EVENTS + 5 }, () => 'ticket-1'));
    const entries = entriesOf(events);
    const log = new CountedLog({ bytes: 0, limit: Infinity }, entries, 0);
    const other = events.filter((_, n) => n !== 500);
    expect(() => other.forEach((event) => log.take(event))).toThrow(MapDisagrees);
  });

  it('announces what one append stored together, and nothing less once the append has given up', () => {
    const events = logOf(['ticket-1', 'ticket-2', 'ticket-1', 'ticket-3']);
    const log = new CountedLog({ bytes: 0, limit: Infinity });
    const expected = log.expect([events[1]!.id, events[2]!.id]);
    const count = () => announced(log).length;
    log.take(events[0]!);
    expect(count()).toBe(1);
    log.take(events[1]!);
    expect(count()).toBe(1);
    log.take(events[2]!);
    expect(count()).toBe(3);
    expect([...expected.seen.values()].map(({ index }) => index)).toEqual([1, 2]);
    const incomplete = log.expect([events[3]!.id, 'another']);
    log.take(events[3]!);
    expect(count()).toBe(3);
    incomplete.forget();
    expect(count()).toBe(4);
  });

  it('reads on from the last event of a stream, also after metadata', () => {
    const [event] = logOf(['ticket-1']);
    const log = new CountedLog({ bytes: 0, limit: Infinity });
    log.take(event!);
    log.takeMetadata('$$ticket-1', { $maxCount: 3 }, 90);
    expect([log.position, log.resumeFrom]).toEqual([90, event!.position]);
    expect(log.fault?.message).toMatch(/ticket-1 has \$maxCount/);
    log.takeMetadata('$$ticket-1', {}, 80);
    expect(log.fault).toBeDefined();
    log.takeMetadata('$$ticket-1', {}, 99);
    expect(log.fault).toBeUndefined();
  });
});
