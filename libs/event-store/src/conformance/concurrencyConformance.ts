import { expect, it } from '@rapport/platform/conformance';
import fc from 'fast-check';
import type { AppendResult, EventStore, StoredEvent, StreamWrite } from '../eventStore.ts';
import { newEvents, newStream, readOn, uuid, write } from './fixtures.ts';

/** What a writer tries: on which of four streams, how far from the revision it last saw, how many events. */
const ATTEMPT = fc.record({
  streams: fc.uniqueArray(fc.record({ which: fc.nat(3), drift: driftMostlyNone(), events: fc.nat(3) }), {
    minLength: 1,
    maxLength: 3,
    selector: ({ which }) => which,
  }),
  repeated: fc.boolean(),
});
type Attempt = typeof ATTEMPT extends fc.Arbitrary<infer T> ? T : never;
type Answer = { readonly request: readonly StreamWrite[]; readonly result: AppendResult };

function driftMostlyNone() {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: -2, max: 2 }) },
  );
}

/** One writer: attempt after attempt, learning heads from what it is answered. */
async function run(
  store: EventStore,
  streams: readonly string[],
  attempts: readonly Attempt[],
): Promise<Answer[]> {
  const seen = new Map(streams.map((stream) => [stream, -1]));
  const answers: Answer[] = [];
  for (const { streams: parts, repeated } of attempts) {
    const request = parts.map(({ which, drift, events }) => {
      const stream = streams[which]!;
      return write(stream, Math.max(-1, seen.get(stream)! + drift), ...newEvents(events));
    });
    for (let n = 0; n < (repeated ? 2 : 1); n += 1) {
      const result = await store.append(request);
      answers.push({ request, result });
      if (result.status === 'appended')
        result.events.forEach((event) => seen.set(event.stream, event.revision));
      else result.conflicts.forEach((conflict) => seen.set(conflict.stream, conflict.actualRevision));
    }
  }
  return answers;
}

export function concurrencyConformance(store: () => EventStore): void {
  it('is some serial order of the appends that were accepted, and of nothing else', async () => {
    const writers = fc.array(fc.array(ATTEMPT, { minLength: 1, maxLength: 12 }), {
      minLength: 2,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(writers, async (scripts) => {
        const streams = Array.from({ length: 4 }, (_, n) => newStream(n === 3 ? 'snapshot' : 'ticket'));
        const before = await store().head();
        const answers = (await Promise.all(scripts.map((script) => run(store(), streams, script)))).flat();
        const log = await readOn(store(), before.position);
        expectSerial(log, answers, before.index);
        for (const stream of streams) {
          const { events, headRevision } = await store().readStream(stream);
          expect(events.map(({ id }) => id)).toEqual(
            log.filter((e) => e.stream === stream).map(({ id }) => id),
          );
          expect(headRevision).toBe(events.length - 1);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('lets exactly one of many writers win each revision', async () => {
    const stream = newStream();
    const writer = async () => {
      let won = 0;
      for (let revision = -1; revision < 9; revision += 1) {
        const request = [write(stream, revision, { id: uuid(), type: 'crm.Won', data: new Uint8Array(3) })];
        if ((await store().append(request)).status === 'appended') won += 1;
      }
      return won;
    };
    const won = await Promise.all(Array.from({ length: 8 }, writer));
    expect(won.reduce((sum, count) => sum + count)).toBe(10);
    expect((await store().readStream(stream)).headRevision).toBe(9);
  });

  it('gives a name that many want to one of them, with all that it belongs to', async () => {
    const name = newStream('creditCode');
    const wanting = Array.from({ length: 8 }, () => newStream('customer'));
    const results = await Promise.all(
      wanting.map((customer) =>
        store().append([write(customer, -1, ...newEvents(2)), write(name, -1, ...newEvents(1))]),
      ),
    );
    const won = results.flatMap((result, n) => (result.status === 'appended' ? [n] : []));
    expect(won).toHaveLength(1);
    for (const [n, customer] of wanting.entries()) {
      expect((await store().readStream(customer)).headRevision).toBe(won.includes(n) ? 1 : -1);
    }
    expect((await store().readStream(name)).headRevision).toBe(0);
    expect(results.filter((_, n) => !won.includes(n))).toEqual(
      Array(7).fill({
        status: 'conflict',
        conflicts: [{ stream: name, expectedRevision: -1, actualRevision: 0 }],
      }),
    );
  });
}

/** The model: accepted requests in the order of the log, each valid where it stands, and whole. */
function expectSerial(log: readonly StoredEvent[], answers: readonly Answer[], indexBefore: number): void {
  const heads = new Map<string, number>();
  let index = indexBefore;
  for (const event of log) {
    expect(event.revision).toBe((heads.get(event.stream) ?? -1) + 1);
    heads.set(event.stream, event.revision);
    expect(event.index).toBe(event.stream.startsWith('snapshot') ? null : (index += 1));
  }
  const accepted = new Map<string, number>();
  for (const { request, result } of answers) {
    if (result.status === 'conflict') {
      expect(result.conflicts.length).toBeGreaterThan(0);
      for (const { stream, expectedRevision, actualRevision } of result.conflicts) {
        expect(actualRevision).not.toBe(expectedRevision);
        expect(actualRevision).toBeLessThanOrEqual(heads.get(stream) ?? -1);
      }
      continue;
    }
    expect(result.events.map(({ id }) => id)).toEqual(
      request.flatMap(({ events }) => events.map(({ id }) => id)),
    );
    expectWholeInLog(log, result.events);
    expectChecksHeld(log, request, result.events);
    for (const { id, position } of result.events) accepted.set(id, position);
  }
  expect([...accepted.keys()].sort()).toEqual(log.map(({ id }) => id).sort());
}

/** An append's events stand side by side: nobody saw half of it. */
function expectWholeInLog(log: readonly StoredEvent[], events: readonly StoredEvent[]): void {
  if (events.length === 0) return;
  const at = log.findIndex(({ id }) => id === events[0]!.id);
  expect(log.slice(at, at + events.length).map(({ position }) => position)).toEqual(
    events.map((e) => e.position),
  );
}

/** Every stream of the request, checked or written, had its expected revision just before the append. */
function expectChecksHeld(
  log: readonly StoredEvent[],
  request: readonly StreamWrite[],
  events: readonly StoredEvent[],
): void {
  if (events.length === 0) return;
  const earlier = log.filter(({ position }) => position < events[0]!.position);
  for (const { stream, expectedRevision } of request) {
    expect(earlier.findLast((event) => event.stream === stream)?.revision ?? -1).toBe(expectedRevision);
  }
}
