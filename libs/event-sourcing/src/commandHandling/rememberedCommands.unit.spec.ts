import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { event, profileEvents, type RecordedEvent } from '@rapport/contracts';
import { toInstant, toMillis } from '@rapport/platform';
import { asRecorded } from '../testing/deciderSpecification.ts';
import { COMMAND_MEMORY_MS, RememberedCommands, type RememberedCommand } from './rememberedCommands.ts';

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-01-01T00:00:00Z');
const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const opened = asRecorded(event(profileEvents.PurchaseYearOpened, { customerId, year: 2026 }), 0);

function stored(revision: number, hours: number, commandId: string, requestHmac = 'x'): RecordedEvent {
  return {
    ...opened,
    revision,
    recordedAt: toInstant(START + hours * HOUR_MS),
    commandId,
    requestHmac,
  };
}

/** The rule in its plainest words: a map that is copied for each event. */
function remembered(events: readonly RecordedEvent[]): ReadonlyMap<string, RememberedCommand> {
  const commands = new Map<string, RememberedCommand>();
  for (const { revision, commandId, requestHmac, recordedAt } of events) {
    const at = toMillis(recordedAt);
    const first = commands.get(commandId)?.first ?? revision;
    commands.set(commandId, { requestHmac, first, last: revision, recordedAt: at });
    for (const [id, command] of commands) {
      if (command.recordedAt >= at - COMMAND_MEMORY_MS) break;
      commands.delete(id);
    }
  }
  return commands;
}

const ids = ['a', 'b', 'c', 'd', 'e'];
const step = fc.record({
  onto: fc.nat(),
  hours: fc.oneof(fc.integer({ min: -960, max: 960 }), fc.integer({ min: 0, max: 300 })),
  commandId: fc.constantFrom(...ids),
  hmac: fc.constantFrom('x', 'x', 'x', 'y'),
});

describe('the commands that a stream remembers', () => {
  it('are those of its events, also of every older fold, whichever fold is continued and however', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        // Every fold ever made, each with its events; the newest are continued most.
        const folds: [RememberedCommands, readonly RecordedEvent[]][] = [[RememberedCommands.none, []]];
        for (const { onto, hours, commandId, hmac } of steps) {
          const [commands, events] = folds.at(-1 - (onto % Math.min(folds.length, 3)))!;
          const before = events.at(-1);
          const at = before === undefined ? 0 : (toMillis(before.recordedAt) - START) / HOUR_MS;
          const next = stored(events.length, at + hours, commandId, hmac);
          folds.push([commands.with(next), [...events, next]]);
        }
        for (const [commands, events] of folds) {
          const expected = remembered(events);
          expect([...commands]).toEqual([...expected]);
          for (const id of ids) {
            expect(commands.get(id)).toEqual(expected.get(id));
            expect(commands.has(id)).toBe(expected.has(id));
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('cost the same for each event however many there are, and what is forgotten is let go', () => {
    const events = Array.from({ length: 5_000 }, (_, n) => stored(n, n, `command ${n}`));
    // Copying a map calls `set` for each of its entries.
    const set = jest.spyOn(Map.prototype, 'set');
    const folds = [RememberedCommands.none];
    for (const next of events) folds.push(folds.at(-1)!.with(next));
    const calls = set.mock.calls.length;
    set.mockRestore();
    expect(calls).toBeLessThan(3 * events.length);
    expect([...folds.at(-1)!]).toHaveLength(721);
    for (let n = 0; n <= events.length; n += 500) {
      expect([...folds[n]!]).toEqual([...remembered(events.slice(0, n))]);
    }
  });
});
