import { afterEach, beforeEach, describe, expect, it } from '@rapport/platform/conformance';
import { profileEvents, streamName, type ReadEvent, type RecordedEvent } from '@rapport/contracts';
import { uuid } from '@rapport/event-store/conformance';
import { toInstant, type AdjustableClock } from '@rapport/platform';
import type {
  CommandIdentity,
  Ledger,
  ProposedEvent,
  ProposedWrite,
  RecordRequest,
  RecordResult,
} from '../ledger/ledger.ts';

/** A ledger for one test. */
export interface LedgerHarness {
  readonly ledger: Ledger;
  /** The ledger's; stands still. */
  readonly clock: AdjustableClock;
  /** A statement about an actor that the ledger believes. */
  assertActor(): Promise<string>;
  /** The ledger loses its store. */
  closeStore(): Promise<void>;
  dispose(): Promise<void>;
}

export type MakeLedger = () => Promise<LedgerHarness>;

/** A year of a customer's purchases: the smallest event. */
export function purchaseYear(customerId: string, year = 2026): ProposedEvent {
  return {
    type: profileEvents.PurchaseYearOpened.type,
    version: profileEvents.PurchaseYearOpened.version,
    customerId,
    policies: { tiering: 3 },
    data: { customerId, year },
  };
}

/** The promises of the Ledger port. Every adapter calls this from its spec. */
export function ledgerConformance(name: string, makeLedger: MakeLedger): void {
  describe(name, () => {
    let harness: LedgerHarness;
    let ledger: Ledger;
    let customerId: string;
    let stream: string;

    beforeEach(async () => {
      harness = await makeLedger();
      ledger = harness.ledger;
      customerId = uuid();
      stream = streamName('customer', customerId);
    });
    afterEach(() => harness.dispose());

    const years = (count: number, first = 1): ProposedEvent[] =>
      Array.from({ length: count }, (_, n) => purchaseYear(customerId, first + n));

    async function request(
      writes: readonly ProposedWrite[],
      other: Partial<RecordRequest> = {},
    ): Promise<RecordRequest> {
      const commandId = uuid();
      return {
        commandId,
        requestHmac: 'hmac',
        actorAssertion: await harness.assertActor(),
        via: 'profiles',
        correlationId: commandId,
        causationId: commandId,
        origin: 'live',
        writes,
        ...other,
      };
    }

    async function record(events: readonly ProposedEvent[], expectedRevision = -1, other = {}) {
      return ledger.record(await request([{ stream, expectedRevision, events }], other));
    }

    function eventsOf(result: RecordResult): readonly RecordedEvent[] {
      expect(result.outcome).toBe('recorded');
      return (result as Extract<RecordResult, { outcome: 'recorded' }>).events;
    }

    describe('recording', () => {
      it('answers with what is stored, envelope and place', async () => {
        const result = await record(years(2), -1, { requestHmac: '密' });
        expect(result).toMatchObject({ outcome: 'recorded', repeated: false });
        const events = eventsOf(result);
        expect(events).toEqual(await ledger.readStream(stream, 0));
        expect(events[1]).toMatchObject({
          type: 'crm.profiles.PurchaseYearOpened',
          tenant: 'main',
          stream,
          revision: 1,
          via: 'profiles',
          actor: 'actor-1',
          requestHmac: '密',
          customerId,
          policies: { tiering: 3 },
          data: { customerId, year: 2 },
        });
        expect(await ledger.head()).toMatchObject({ position: events[1]!.position, index: events[1]!.index });
      });

      it('answers a conflict with the revisions that stand there', async () => {
        await record(years(2));
        expect(await record(years(1))).toEqual({
          outcome: 'conflict',
          streams: [{ stream, actualRevision: 1 }],
        });
      });

      it('records all streams of a command or none', async () => {
        await record(years(1));
        const other = streamName('customer', uuid());
        const writes = [other, stream].map((name) => ({
          stream: name,
          expectedRevision: -1,
          events: years(1),
        }));
        expect(await ledger.record(await request(writes))).toMatchObject({ outcome: 'conflict' });
        expect(await ledger.readStream(other, 0)).toEqual([]);
      });

      it('rejects what may not become history, and says which field', async () => {
        const unknown = { ...purchaseYear(customerId), type: 'crm.profiles.Unknown' };
        expect(await record([unknown])).toMatchObject({
          outcome: 'rejected',
          problem: { kind: 'invalid-input', errors: [{ field: 'type' }] },
        });
        expect(await record(years(1), -1, { actorAssertion: 'nobody' })).toMatchObject({
          outcome: 'rejected',
          problem: { kind: 'unauthenticated' },
        });
        expect(await ledger.readStream(stream, 0)).toEqual([]);
      });

      it('answers a repeated command with what was stored, however it is decided this time', async () => {
        const commandId = uuid();
        const first = await record(years(2), -1, { commandId });
        harness.clock.moveTo(harness.clock.now() + 1);
        expect(await record(years(1, 2030), -1, { commandId })).toEqual({ ...first, repeated: true });
        expect(await ledger.readStream(stream, 0)).toHaveLength(2);
      });

      it('records one of many that want the same place, and tells the others', async () => {
        const results = await Promise.all(Array.from({ length: 20 }, (_, n) => record(years(1, 1 + n))));
        const outcomes = results.map(({ outcome }) => outcome).sort();
        expect(outcomes).toEqual([...Array<string>(19).fill('conflict'), 'recorded']);
        expect(await ledger.readStream(stream, 0)).toHaveLength(1);
      });

      it('records a command once that is sent many times at once', async () => {
        const commandId = uuid();
        const results = await Promise.all(
          Array.from({ length: 20 }, () => record(years(3), -1, { commandId })),
        );
        const stored = await ledger.readStream(stream, 0);
        expect(stored).toHaveLength(3);
        for (const result of results) expect(eventsOf(result)).toEqual(stored);
      });

      it('answers with more events than one message carries, in order, also when repeated', async () => {
        const other = streamName('customer', uuid());
        const commandId = uuid();
        const write = (): ProposedWrite[] => [
          { stream: other, expectedRevision: -1, events: years(900) },
          { stream, expectedRevision: -1, events: years(900, 901) },
        ];
        const events = eventsOf(await ledger.record(await request(write(), { commandId })));
        const expected = [...(await ledger.readStream(other, 0)), ...(await ledger.readStream(stream, 0))];
        expect(events).toHaveLength(1_800);
        expect(events).toEqual(expected);
        harness.clock.moveTo(harness.clock.now() + 1);
        const again = await ledger.record(await request(write(), { commandId }));
        expect(again).toMatchObject({ outcome: 'recorded', repeated: true });
        expect(eventsOf(again)).toEqual(expected);
      });

      it('records dues that fired with the command that came after them, each as a command of its own', async () => {
        const commandId = uuid();
        const firing = async (): Promise<CommandIdentity> => {
          const own = uuid();
          return {
            commandId: own,
            requestHmac: `hmac of ${own}`,
            actorAssertion: await harness.assertActor(),
            correlationId: own,
            causationId: own,
            origin: 'live',
          };
        };
        const firings = [await firing(), await firing()];
        // So many that more than one message is needed to carry them.
        const of = (place: number | undefined, first: number): ProposedEvent[] =>
          years(600, first).map((event) => ({ ...event, ...(place !== undefined && { firing: place }) }));
        const events = [...of(0, 1), ...of(1, 601), ...of(undefined, 1_201)];
        const write: ProposedWrite = { stream, expectedRevision: -1, events };
        const recorded = eventsOf(await ledger.record(await request([write], { commandId, firings })));
        expect(recorded).toEqual(await ledger.readStream(stream, 0));
        const commands = [firings[0]!.commandId, firings[1]!.commandId, commandId];
        for (const [n, { commandId: own, requestHmac, correlationId }] of recorded.entries()) {
          const expected = commands[Math.floor(n / 600)]!;
          expect(own).toBe(expected);
          if (expected !== commandId) expect(correlationId).toBe(expected);
          expect(requestHmac).toBe(expected === commandId ? 'hmac' : `hmac of ${expected}`);
        }
        // The place of an event is that among its own command's: a firing has the same ids beside any command.
        expect(new Set(recorded.map(({ id }) => id)).size).toBe(1_800);
        harness.clock.moveTo(harness.clock.now() + 1);
        // Asked again, the command is answered with its own events; who fires one of the dues meets a conflict.
        const again = await ledger.record(await request([write], { commandId, firings }));
        expect(again).toMatchObject({ outcome: 'recorded', repeated: true });
        expect(eventsOf(again)).toEqual(recorded.slice(1_200));
        const late = await ledger.record(await request([write], { firings: [firings[0]!, await firing()] }));
        expect(late).toEqual({ outcome: 'conflict', streams: [{ stream, actualRevision: 1_799 }] });
        const swept = await ledger.record({
          ...(await request([{ ...write, events: years(1) }])),
          ...firings[0]!,
        });
        expect(eventsOf(swept)).toEqual(recorded.slice(0, 600));
      });

      it('tells its clock where what is proposed lies ahead of it', async () => {
        const now = harness.clock.now();
        const ahead = years(1).map((event) => ({ ...event, occurredAt: toInstant(now + 300_001) }));
        expect(await record(ahead)).toMatchObject({
          outcome: 'rejected',
          problem: { kind: 'invalid-input', errors: [{ field: 'occurredAt' }] },
          clock: toInstant(now),
        });
        expect(await record([{ ...purchaseYear(customerId), type: 'crm.x.Y' }])).not.toHaveProperty('clock');
      });

      it('does not say that nothing was recorded when its store is gone', async () => {
        await harness.closeStore();
        const refused = { kind: 'unavailable', details: { retryAfter: 2 } };
        await expect(record(years(1))).rejects.toMatchObject(refused);
        await expect(ledger.readStream(stream, 0)).rejects.toMatchObject(refused);
        await expect(ledger.readLast(stream)).rejects.toMatchObject(refused);
        await expect(ledger.head()).rejects.toMatchObject(refused);
      });
    });

    describe('reading', () => {
      it('reads a stream of many pages whole, from a revision on, and its last event', async () => {
        const recorded = [
          ...eventsOf(await record(years(1_200))),
          ...eventsOf(await record(years(1_200, 1_201), 1_199)),
        ];
        expect(await ledger.readStream(stream, 0)).toEqual(recorded);
        expect(await ledger.readStream(stream, 2_399)).toEqual(recorded.slice(-1));
        expect(await ledger.readStream(stream, 2_400)).toEqual([]);
        expect(await ledger.readLast(stream)).toEqual(recorded.at(-1));
      });

      it('reads no more of a stream than is asked for', async () => {
        const recorded = [
          ...eventsOf(await record(years(900))),
          ...eventsOf(await record(years(900, 901), 899)),
        ];
        expect(await ledger.readStream(stream, 3, 2)).toEqual(recorded.slice(3, 5));
        expect((await ledger.readStream(stream, 0, 1_500)).length).toBe(1_500);
        expect(await ledger.readStream(stream, 1_799, 5)).toEqual(recorded.slice(-1));
      });

      it('knows nothing of a stream that does not exist', async () => {
        expect(await ledger.readStream(stream, 0)).toEqual([]);
        expect(await ledger.readLast(stream)).toBeUndefined();
      });
    });

    describe('following', () => {
      /** Follows until `count` events came. */
      async function take(after: number, count: number): Promise<ReadEvent[]> {
        const stop = new AbortController();
        const events: ReadEvent[] = [];
        for await (const batch of ledger.follow(after, stop.signal)) {
          expect(batch.length).toBeGreaterThan(0);
          events.push(...batch);
          if (events.length >= count) stop.abort();
        }
        return events;
      }

      it('gives what is stored, then what is recorded, each once and in order, to all who follow', async () => {
        const { position } = await ledger.head();
        await record(years(700));
        const following = [take(position, 1_000), take(position, 1_000)];
        for (let n = 0; n < 3; n += 1) await record(years(100, 701 + 100 * n), 699 + 100 * n);
        const stored = await ledger.readStream(stream, 0);
        for (const events of await Promise.all(following)) expect(events).toEqual(stored);
      });

      it('shows only events of the categories that are asked for, and misses none of them', async () => {
        const { position } = await ledger.head();
        const [category] = stream.split('-') as [string];
        await record(years(3));
        const stop = new AbortController();
        const none: ReadEvent[] = [];
        const nobody = (async () => {
          for await (const batch of ledger.follow(position, stop.signal, ['improvement']))
            none.push(...batch);
        })();
        const seen: ReadEvent[] = [];
        for await (const batch of ledger.follow(position, stop.signal, ['improvement', category])) {
          seen.push(...batch);
          if (seen.length === 3) await record(years(2, 4), 2);
          if (seen.length >= 5) stop.abort();
        }
        await nobody;
        expect(seen).toEqual(await ledger.readStream(stream, 0));
        expect(none).toEqual([]);
      });

      it('waits at the head, and ends when nobody wants more', async () => {
        const { position } = await ledger.head();
        const first = take(position, 1);
        const [recorded] = eventsOf(await record(years(1)));
        expect(await first).toEqual([recorded]);
        const stop = new AbortController();
        const waiting = ledger.follow(recorded!.position, stop.signal)[Symbol.asyncIterator]().next();
        await ledger.head();
        stop.abort();
        expect(await waiting).toMatchObject({ done: true });
      });
    });
  });
}
