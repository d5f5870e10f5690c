import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  canonicalBytes,
  partitionOf,
  profileEvents,
  streamName,
  ticketEvents,
  type JsonValue,
} from '@rapport/contracts';
import type { ProposedEvent, RecordRequest, RecordResult, StoredResult } from '@rapport/event-sourcing';
import { MemoryEventStore } from '@rapport/event-store';
import { ActorAssertions } from '@rapport/messaging';
import {
  AdjustableClock,
  Problem,
  systemClock,
  systemRandom,
  systemTimers,
  toInstant,
} from '@rapport/platform';
import { generateKeyPair, SignJWT } from 'jose';
import { testCaches } from '@rapport/platform/testing';
import { openLog } from '../logIdentity/openLog.ts';
import { LedgerService } from './ledgerService.ts';

const gateway = await generateKeyPair('EdDSA');
const stranger = await generateKeyPair('EdDSA');
const now = Date.parse('2026-03-10T02:00:00.000Z');
const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const commandId = '0f5a7f6e-0000-5000-8000-00000000000c';
const stream = streamName('customer', customerId);

describe('the ledger', () => {
  let store: MemoryEventStore;
  let clock: AdjustableClock;
  let system: AdjustableClock;
  let actors: ActorAssertions;
  let ledger: LedgerService;

  beforeEach(async () => {
    store = new MemoryEventStore();
    clock = new AdjustableClock(systemClock);
    clock.moveTo(now);
    system = new AdjustableClock(systemClock);
    system.moveTo(now);
    actors = new ActorAssertions(
      { sign: gateway.privateKey, verify: gateway.publicKey },
      testCaches(),
      system,
    );
    const logId = await openLog(store, 'main', { clock, random: systemRandom });
    ledger = new LedgerService({
      tenant: 'main',
      logId,
      store,
      clock,
      timers: systemTimers,
      actors,
      mayRecord: ({ roles }, origin) => roles.includes(`${origin}er`),
      alert: () => undefined,
    });
  });

  const opened = (year = 2026): ProposedEvent => ({
    type: profileEvents.PurchaseYearOpened.type,
    version: 1,
    customerId,
    data: { customerId, year },
  });

  interface Given extends Partial<RecordRequest> {
    readonly roles?: readonly string[];
    readonly expectedRevision?: number;
  }

  const record = async (events: readonly ProposedEvent[], other?: Given): Promise<RecordResult> =>
    ledger.record(await requestOf(events, other));
  const recordAsStored = async (events: readonly ProposedEvent[], other?: Given): Promise<StoredResult> =>
    ledger.recordAsStored(await requestOf(events, other));

  async function requestOf(events: readonly ProposedEvent[], other: Given = {}): Promise<RecordRequest> {
    const { roles = ['manager'], expectedRevision = -1, ...given } = other;
    return {
      commandId,
      requestHmac: 'hmac',
      actorAssertion: await actors.assert({ id: 'actor-1', roles }),
      via: 'profiles',
      correlationId: commandId,
      causationId: commandId,
      origin: 'live',
      writes: [{ stream, expectedRevision, events }],
      ...given,
    };
  }

  const refused = async (result: Promise<RecordResult>) => {
    expect(await result).toMatchObject({ outcome: 'rejected' });
    expect(await ledger.readStream(stream, 0)).toEqual([]);
    return ((await result) as Extract<RecordResult, { outcome: 'rejected' }>).problem;
  };

  it('writes the whole envelope, with the actor that it verified and its own clock, as canonical JSON', async () => {
    const result = await record([{ ...opened(), policies: { tiering: 3 } }]);
    expect(result).toMatchObject({ outcome: 'recorded', repeated: false });
    const { events } = await store.readStream(stream);
    const text = Buffer.from(events[0]!.data).toString('utf8');
    const envelope = JSON.parse(text) as JsonValue;
    expect(envelope).toEqual({
      specversion: '1',
      type: 'crm.profiles.PurchaseYearOpened',
      version: 1,
      tenant: 'main',
      stream,
      occurredAt: '2026-03-10T02:00:00.000Z',
      recordedAt: '2026-03-10T02:00:00.000Z',
      origin: 'live',
      actor: 'actor-1',
      via: 'profiles',
      commandId,
      requestHmac: 'hmac',
      correlationId: commandId,
      causationId: commandId,
      customerId,
      policies: { tiering: 3 },
      data: { customerId, year: 2026 },
    });
    expect(text).toBe(Buffer.from(canonicalBytes(envelope)).toString('utf8'));
    expect(partitionOf(customerId)).toBeLessThan(32);
  });

  it('answers a conflict with the revisions that stand there', async () => {
    await record([opened()]);
    expect(await record([opened(2027)], { commandId: customerId })).toEqual({
      outcome: 'conflict',
      streams: [{ stream, actualRevision: 0 }],
    });
  });

  it('answers a repeated command with what was stored, however it is decided this time', async () => {
    const first = await record([opened(), opened(2027)]);
    clock.moveTo(now + 1);
    const again = await record([opened(2030)], { requestHmac: 'another' });
    expect(again).toEqual({ ...first, repeated: true });
  });

  it('R-100 finds a repeated command also where the store names only the stream beside it that moved', async () => {
    const person = streamName('person', customerId);
    const writes = (events: readonly ProposedEvent[]) => [
      { stream: person, expectedRevision: -1, events: [] },
      { stream, expectedRevision: -1, events },
    ];
    const first = await record([], { writes: writes([opened()]) });
    store.append = async () => ({
      status: 'conflict',
      conflicts: [{ stream: person, expectedRevision: -1, actualRevision: 0 }],
    });
    expect(await record([], { writes: writes([opened()]) })).toEqual({ ...first, repeated: true });
    expect(await record([], { commandId: customerId, writes: writes([opened()]) })).toMatchObject({
      outcome: 'conflict',
    });
  });

  it('answers a conflict with what it cannot read, and finds a command in what it can', async () => {
    const later = {
      specversion: '1',
      type: 'crm.profiles.Later',
      version: 99,
      stream,
      commandId: customerId,
      data: {},
    };
    const foreign = (revision: number, text: string) =>
      store.append([
        {
          stream,
          expectedRevision: revision - 1,
          events: [
            {
              id: `0f5a7f6e-0000-5000-8000-0000000000a${revision}`,
              type: later.type,
              data: Buffer.from(text),
            },
          ],
        },
      ]);
    await foreign(0, '王小明 {');
    await foreign(1, JSON.stringify(later));
    expect(await record([opened()])).toEqual({
      outcome: 'conflict',
      streams: [{ stream, actualRevision: 1 }],
    });
    await expect(ledger.readStream(stream, 0)).rejects.toMatchObject({
      kind: 'parked',
      details: { recorded: { stream, revision: 0 } },
    });
    await expect(ledger.readLast(stream)).rejects.toMatchObject({
      details: { recorded: { stream, revision: 1 } },
    });
    // What a later release recorded for this command, a process of that release is answered as it is stored.
    const request = { commandId: customerId, expectedRevision: -1 };
    await expect(record([opened()], request)).rejects.toMatchObject({ kind: 'parked' });
    expect(await recordAsStored([opened()], request)).toMatchObject({
      outcome: 'recorded',
      repeated: true,
      events: [{ version: 99, revision: 1 }],
    });
  });

  it('records all streams of a command or none', async () => {
    await record([opened()]);
    const other = streamName('customer', commandId);
    const result = await record([], {
      commandId: customerId,
      writes: [
        { stream: other, expectedRevision: -1, events: [opened()] },
        { stream, expectedRevision: -1, events: [opened()] },
      ],
    });
    expect(result).toEqual({ outcome: 'conflict', streams: [{ stream, actualRevision: 0 }] });
    expect(await ledger.readStream(other, 0)).toEqual([]);
  });

  it('refuses what its gate refuses, all of it', async () => {
    const problem = await refused(record([opened(), { ...opened(), type: 'crm.profiles.Unknown' }]));
    expect(problem).toMatchObject({ kind: 'invalid-input', errors: [{ field: 'type' }] });
  });

  it('refuses an event that happened more than 5 minutes ahead of its clock', async () => {
    const ahead = (ms: number) => record([{ ...opened(), occurredAt: toInstant(now + ms) }]);
    expect(await refused(ahead(300_001))).toMatchObject({ errors: [{ field: 'occurredAt' }] });
    expect(await ahead(300_000)).toMatchObject({
      outcome: 'recorded',
      events: [{ occurredAt: toInstant(now + 300_000) }],
    });
  });

  it('refuses an event of more than 256 kB', async () => {
    const text = {
      v: 1,
      alg: 'A256GCM',
      kid: `main/customer/${customerId}/1`,
      nonce: 'A'.repeat(16),
      ct: 'B'.repeat(256 * 1024),
    };
    const ticket = streamName('ticket', customerId);
    const event = {
      type: ticketEvents.TicketResponded.type,
      version: 1,
      data: { customerId, ticketId: customerId, responseId: customerId, text },
    };
    const problem = await refused(
      record([], { writes: [{ stream: ticket, expectedRevision: -1, events: [event] }] }),
    );
    expect(problem.kind).toBe('too-large');
    expect(problem.detail).toContain('262144 bytes');
    expect(await ledger.readStream(ticket, 0)).toEqual([]);
  });

  it('lets an actor whose statement has expired come again', async () => {
    const actorAssertion = await actors.assert({ id: 'actor-1', roles: ['manager'] });
    system.moveTo(now + 59_000);
    expect(await record([opened()], { actorAssertion })).toMatchObject({ outcome: 'recorded' });
    system.moveTo(now + 60_000 + 15 * 60_000);
    expect(await record([opened(2027)], { actorAssertion, commandId: customerId })).toMatchObject({
      outcome: 'rejected',
      problem: { kind: 'unavailable' },
    });
    const fresh = new ActorAssertions({ verify: gateway.publicKey }, testCaches(), system);
    await expect(fresh.verify(actorAssertion)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it.each([
    [
      'signed by a stranger',
      async () =>
        new ActorAssertions(
          { sign: stranger.privateKey, verify: stranger.publicKey },
          testCaches(),
          system,
        ).assert({
          id: 'actor-1',
          roles: ['manager'],
        }),
    ],
    ['of another issuer', () => statement({ iss: 'somebody', roles: ['manager'] })],
    ['without an end', () => statement({ exp: undefined, roles: ['manager'] })],
    ['without roles', () => statement({})],
    [
      'without signature',
      async () =>
        `${b64({ alg: 'none' })}.${b64({ iss: 'rapport-gateway', sub: 'actor-1', roles: ['manager'], exp: 9e9 })}.`,
    ],
    ['that is no statement', async () => 'actor-1'],
    ['that is empty', async () => ''],
  ])('refuses an actor %s', async (_what, forge) => {
    expect(await refused(record([opened()], { actorAssertion: await forge() }))).toMatchObject({
      kind: 'unauthenticated',
    });
  });

  it('refuses an actor whose roles were changed after signing', async () => {
    const [header, payload, signature] = (await actors.assert({ id: 'actor-1', roles: ['marketing'] })).split(
      '.',
    );
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString('utf8')) as object;
    const forged = `${header}.${b64({ ...claims, roles: ['administrator'] })}.${signature}`;
    expect(await refused(record([opened()], { actorAssertion: forged }))).toMatchObject({
      kind: 'unauthenticated',
    });
  });

  it('records imports and the demo only for those who may', async () => {
    expect(await refused(record([opened()], { origin: 'import' }))).toMatchObject({ kind: 'forbidden' });
    expect(await refused(record([opened()], { origin: 'demo', roles: ['importer'] }))).toMatchObject({
      kind: 'forbidden',
    });
    expect(await record([opened()], { origin: 'import', roles: ['importer'] })).toMatchObject({
      outcome: 'recorded',
      events: [{ origin: 'import' }],
    });
  });

  it('gives the log one identity, also when two ledgers open it at once', async () => {
    const empty = new MemoryEventStore();
    const ports = { clock, random: systemRandom };
    const ids = await Promise.all([1, 2, 3].map(() => openLog(empty, 'main', ports)));
    expect(new Set([...ids, await openLog(empty, 'main', ports)]).size).toBe(1);
    expect((await empty.head()).index).toBe(0);
  });

  it('refuses a store that holds another tenant’s log', async () => {
    await expect(openLog(store, 'other', { clock, random: systemRandom })).rejects.toThrow('another tenant');
  });

  it('reads a stream of several pages whole, and from a revision on', async () => {
    const events = Array.from({ length: 2_500 }, (_, n) => opened(1 + (n % 9_000)));
    await record(events.slice(0, 1_250));
    await record(events.slice(1_250), { commandId: customerId, expectedRevision: 1_249 });
    expect((await ledger.readStream(stream, 0)).map(({ revision }) => revision)).toEqual(
      events.map((_, n) => n),
    );
    expect(await ledger.readStream(stream, 2_499)).toHaveLength(1);
    expect(await ledger.readStream(stream, 2_500)).toEqual([]);
    expect(await ledger.readLast(stream)).toMatchObject({ revision: 2_499, data: events.at(-1)!.data });
    expect(await ledger.readLast(streamName('ticket', customerId))).toBeUndefined();
  });

  it('says that it is unavailable when the store is, without saying that nothing was recorded', async () => {
    await store.close();
    const failure = await record([opened()]).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(Problem);
    expect((failure as Problem).details).toMatchObject({ kind: 'unavailable', retryAfter: 2 });
    await expect(ledger.head()).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(ledger.readStream(stream, 0)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  /** A statement signed by the gateway's key, with these claims in place of the usual ones. */
  function statement(claims: { iss?: string; exp?: number | undefined; roles?: string[] }): Promise<string> {
    const usual = { iss: 'rapport-gateway', sub: 'actor-1', exp: Math.floor(now / 1000) + 30 };
    return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: 'EdDSA' }).sign(gateway.privateKey);
  }
});

function b64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
