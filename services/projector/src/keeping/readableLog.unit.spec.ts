import { describe, expect, it } from '@jest/globals';
import { Upcasters } from '@rapport/event-sourcing';
import type { EventLog, LogEvent } from '@rapport/views';
import { ArrayLog } from '@rapport/views/testing';
import { readableLog } from './readableLog.ts';

const TYPE = 'crm.profiles.Purchased';

/** One event of each of these versions. */
function logOf(...versions: number[]): EventLog {
  const log = new ArrayLog();
  for (const n of versions) log.append({ type: 'Purchased', customer: 'c1', n });
  log.events.forEach((event, place) => Object.assign(event, { version: versions[place] }));
  const upcasters = new Upcasters(() => 2).register(TYPE, 1, (data) => ({ ...(data as object), one: true }));
  return readableLog(log, upcasters);
}

async function followed(log: EventLog, wanted?: ReadonlySet<string>): Promise<readonly LogEvent[]> {
  const stop = new AbortController();
  for await (const page of log.follow(-1, stop.signal, wanted)) return page;
  return [];
}

describe('the log as this release reads it', () => {
  const expected = [
    [2, true, undefined],
    [2, undefined, undefined],
    [3, undefined, 'UnknownEventError'],
    [0, undefined, 'UnknownEventError'],
  ];
  const shown = (events: readonly LogEvent[]) =>
    events.map(({ version, data, unreadable }) => [version, (data as { one?: true }).one, unreadable]);

  it('has older versions upcast, and hands out one that it does not know as unreadable', async () => {
    const log = logOf(1, 2, 3, 0);
    expect(shown(await followed(log))).toEqual(expected);
    expect(shown(await log.readCounted(0, 10))).toEqual(expected);
  });

  it('leaves alone what nobody wants', async () => {
    const [event] = await followed(logOf(3), new Set(['crm.profiles.Registered']));
    expect(event).not.toHaveProperty('unreadable');
  });
});
