import { describe, expect, it } from '@jest/globals';
import { canonicalBytes, type JsonValue } from '@rapport/contracts';
import type { StoredEvent } from '@rapport/event-store';
import { MAX_MESSAGE_BYTES } from '@rapport/messaging';
import fc from 'fast-check';
import { fromMessage, toMessage, toPage } from './storedEventMessage.ts';

const MAX_EVENT_BYTES = 256 * 1024;

function event(data: Uint8Array): StoredEvent {
  return {
    id: '0f5a7f6e-0000-5000-8000-000000000001',
    type: 'crm.tickets.TicketOpened',
    stream: 'ticket-0f5a7f6e-0000-5000-8000-000000000001',
    position: Number.MAX_SAFE_INTEGER,
    index: Number.MAX_SAFE_INTEGER - 1,
    revision: 3,
    data,
  };
}

/** Through a message and back. */
function carried(stored: StoredEvent): StoredEvent {
  return fromMessage(JSON.parse(JSON.stringify(toMessage(stored))) as ReturnType<typeof toMessage>);
}

const sizeOf = (page: readonly object[]): number =>
  Buffer.byteLength(JSON.stringify({ events: page, end: false }));

const canonical = fc
  .jsonValue({ stringUnit: 'binary' })
  .map((value) => value as JsonValue)
  .filter((value) => {
    try {
      canonicalBytes(value);
      return true;
    } catch {
      return false;
    }
  })
  .map(canonicalBytes);
const bytes = fc.oneof(
  canonical,
  fc.uint8Array({ maxLength: 5_000 }),
  fc
    .string({ unit: fc.constantFrom('"', '\\', '客', '\u0000', '\ufeff', 'a') })
    .map((text) => Buffer.from(text)),
);

describe('a stored event in a message', () => {
  it('arrives with the same bytes, whatever they are', () => {
    fc.assert(
      fc.property(bytes, (data) => {
        const arrived = carried(event(data));
        expect(Buffer.from(arrived.data).equals(data)).toBe(true);
        expect({ ...arrived, data: null }).toEqual({ ...event(data), data: null });
      }),
      { numRuns: 1_000 },
    );
  });

  it('travels as the text that it is', () => {
    const data = canonicalBytes({ name: '客情', quote: '"' });
    expect(toMessage(event(data))).toMatchObject({ data: Buffer.from(data).toString('utf8') });
    expect(toMessage(event(data))).not.toHaveProperty('encoding');
  });
});

describe('a page of stored events', () => {
  it('fits into a message and holds the first ones', () => {
    const large = fc.oneof(
      bytes,
      fc
        .tuple(
          fc.constantFrom('"', '\\', '客客', 'x', '\u0001'),
          fc.integer({ min: 1, max: MAX_EVENT_BYTES / 8 }),
        )
        .map(([unit, count]) => Buffer.from(unit.repeat(count))),
    );
    fc.assert(
      fc.property(fc.array(large, { minLength: 1, maxLength: 40 }), (all) => {
        const page = toPage(all.map(event));
        expect(page.length).toBeGreaterThan(0);
        expect(sizeOf(page)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
        expect(page.every((message, n) => Buffer.from(fromMessage(message).data).equals(all[n]!))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it.each([['"'], ['\\'], ['x'], ['\u0000']])('carries the largest event, were it all %j', (unit) => {
    const page = toPage([event(Buffer.alloc(MAX_EVENT_BYTES, unit))]);
    expect(page).toHaveLength(1);
    expect(sizeOf(page)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
  });

  it('is not much smaller than a message', () => {
    const page = toPage(
      Array.from({ length: 2_000 }, () => event(canonicalBytes({ text: 'x'.repeat(700) }))),
    );
    expect(sizeOf(page)).toBeGreaterThan(0.7 * MAX_MESSAGE_BYTES);
  });

  it('is empty where nothing is', () => {
    expect(toPage([])).toEqual([]);
  });
});
