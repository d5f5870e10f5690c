import { describe, expect, it } from '@jest/globals';
import { VirtualTime } from '@rapport/views/testing';
import type { NextRequest } from '../mix/nextRequest.ts';
import { CustomerBase } from '../mix/customerBase.ts';
import type { SoakRequest } from '../mix/request.ts';
import { Seeded } from '../mix/seeded.ts';
import { EvenLoad } from './evenLoad.ts';
import type { HttpSender, Outcome } from './httpSender.ts';
import { ImportTally } from './importTally.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { Latencies } from './latencies.ts';

const answer = (status: number, id = 'x'): Outcome => ({
  answered: true,
  status,
  body: { id },
  retryAfterMs: undefined,
});
const none: Outcome = { answered: false, reason: 'ECONNREFUSED' };

/** A load of commands that are answered as `server` says. */
function loading(server: (key: string, tries: number) => Outcome) {
  const time = new VirtualTime();
  const sent: { readonly key: string; readonly at: number }[] = [];
  const entries: JournalEntry[] = [];
  let drawn = 0;
  const request = (): SoakRequest => {
    drawn += 1;
    return { kind: 'k', group: 'command', role: 'manager', method: 'POST', path: '/p', key: `k${drawn}` };
  };
  const random = new Seeded(1);
  const load = new EvenLoad({
    next: { draw: request } as unknown as NextRequest,
    base: new CustomerBase(random, 10),
    random: { fraction: () => 1 } as unknown as Seeded,
    sender: {
      send: async ({ key }: SoakRequest) => {
        sent.push({ key: key!, at: time.now() });
        return server(key!, sent.filter((one) => one.key === key).length);
      },
    } as unknown as HttpSender,
    journal: { add: (entry: JournalEntry) => void entries.push(entry) } as unknown as Journal,
    imports: new ImportTally(),
    latencies: new Latencies(),
    clock: time,
    timers: time,
  });
  const passed = async (work: Promise<unknown>): Promise<void> => {
    let over = false;
    void work.finally(() => (over = true));
    await time.until(async () => over);
  };
  return { load, sent, entries, time, passed };
}

describe('the even load', () => {
  it('sends at its rate, whether or not earlier requests are answered', async () => {
    const { load, sent, passed } = loading(() => none);
    await passed(load.run(1_000, 4));
    const first = new Map(sent.toReversed().map(({ key, at }) => [key, at]));
    expect([...first.values()].sort((x, y) => x - y).map((at) => at - Math.min(...first.values()))).toEqual([
      0, 250, 500, 750,
    ]);
  });

  it('sends no faster where it is asked to run again and again, as between two looks at rest', async () => {
    const { load, sent, time, passed } = loading(() => answer(201));
    const runs = async (): Promise<void> => {
      for (const end = time.now() + 900; time.now() < end;) await load.run(end - time.now(), 2);
    };
    await passed(runs());
    expect(sent).toHaveLength(2);
  });

  it('sends what has no answer again under its key, until there is one, and journals it once', async () => {
    const { load, sent, entries, passed } = loading((_key, tries) =>
      tries === 1 ? none : tries === 2 ? answer(503) : answer(201),
    );
    await passed(load.run(1_000, 1));
    await passed(load.settle());
    expect(sent.map(({ key }) => key)).toEqual(['k1', 'k1', 'k1']);
    expect(entries).toEqual([expect.objectContaining({ key: 'k1', status: 201, id: 'x', tries: 3 })]);
    expect(load.counts).toMatchObject({ answered: 1, unanswered: 2 });
    expect(load.faults).toEqual([]);
  });

  it('leaves more time before each further try', async () => {
    const { load, sent, passed } = loading((_key, tries) => (tries < 10 ? answer(503) : answer(201)));
    await passed(load.run(1_000, 1));
    await passed(load.settle());
    const pauses = sent.slice(1).map(({ at }, n) => at - sent[n]!.at);
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  it('names what is never answered, and what is answered with 500', async () => {
    const { load, passed } = loading((key) => (key === 'k1' ? none : answer(500)));
    await passed(load.run(2_000, 1));
    await passed(load.settle());
    expect(load.faults).toEqual(['k k2 was answered 500', 'k k1 was never answered']);
  });
});
