import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeEvent, ledgerEvents, profileEvents, streamName } from '@rapport/contracts';
import { EmbeddedEventStore, MemoryEventStore, type EventStore } from '@rapport/event-store';
import { MemoryKeyStore, type KeyOwner } from '@rapport/privacy';
import { AdjustableClock, systemClock, systemRandom } from '@rapport/platform';
import { logIdAt, readLineage } from '../logIdentity/logLineage.ts';
import { openLog } from '../logIdentity/openLog.ts';
import { encodeOwnEvent } from '../recording/ownEvent.ts';
import { StoredEventGate } from '../recording/storedEventGate.ts';
import { restoreLog, type RestoreChoices } from './restoreLog.ts';

const TENANT = 'main';
const COMPANY = '0190c0de-0000-7000-8000-0000000000c1';
const INDIVIDUAL = '0190c0de-0000-7000-8000-0000000000c2';
const CONTACT = '0190c0de-0000-7000-8000-0000000000a1';
const STRANGER = '0190c0de-0000-7000-8000-0000000000a9';
const person = (id: string): KeyOwner => ({ kind: 'person', id });

const folders: string[] = [];
const STORES: readonly (readonly [string, () => Promise<EventStore>])[] = [
  ['memory', async () => new MemoryEventStore()],
  [
    'embedded',
    () => {
      folders.push(mkdtempSync(join(tmpdir(), 'rapport-restore-')));
      return EmbeddedEventStore.open({ directory: folders.at(-1)! });
    },
  ],
];

describe.each(STORES)('a restored log in the %s store', (_name, open) => {
  const clock = new AdjustableClock(systemClock);
  let store: EventStore;
  let keys: MemoryKeyStore;
  let logId: string;
  beforeEach(async () => {
    store = await open();
    keys = new MemoryKeyStore(systemRandom);
    logId = await openLog(store, TENANT, { clock, random: systemRandom });
    await keys.bindTo(logId);
    await record('customer', COMPANY, profileEvents.CustomerRegistered, {
      customerId: COMPANY,
      kind: 'company',
    });
    await record('customer', COMPANY, profileEvents.ContactAdded, { contactId: CONTACT });
    await record('customer', INDIVIDUAL, profileEvents.CustomerRegistered, {
      customerId: INDIVIDUAL,
      kind: 'individual',
    });
  });
  afterEach(async () => {
    await store.close();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  async function record(
    category: 'customer' | 'person',
    id: string,
    { type, version }: { readonly type: string; readonly version: number },
    data: Record<string, string | boolean>,
  ): Promise<void> {
    const stream = streamName(category, id);
    const { headRevision } = await store.readStream(stream, { limit: 1 });
    const now = clock.now();
    await store.append([
      encodeOwnEvent({
        tenant: TENANT,
        stream,
        expectedRevision: headRevision,
        commandId: systemRandom.uuidv7(now),
        recordedAt: now,
        event: { type, version, data },
      }),
    ]);
  }

  const restore = (choices: Partial<RestoreChoices> = {}, of = keys) =>
    restoreLog({
      tenant: TENANT,
      store,
      keys: of,
      clock,
      random: systemRandom,
      erased: [],
      ...choices,
    });
  const head = async () => (await store.head()).index;

  it('goes on under another identity, recorded behind the last event', async () => {
    const forkIndex = await head();
    const restored = await restore();
    expect(restored).toMatchObject({ formerLogId: logId, forkIndex, erasedAgain: 0, unknown: 0 });
    expect(restored.logId).not.toBe(logId);
    const [event] = (await store.readCounted(forkIndex + 1, 2)).map(decodeEvent);
    expect(event).toMatchObject({
      index: forkIndex + 1,
      type: ledgerEvents.LogRestored.type,
      data: { logId: restored.logId, formerLogId: logId, forkIndex },
    });
    new StoredEventGate().check(event!.stream, event!, clock.now());
    expect(await openLog(store, TENANT, { clock, random: systemRandom })).toBe(restored.logId);
    expect(await keys.boundLog()).toBe(restored.logId);
  });

  it('remembers every log that it was, and which event is of which', async () => {
    const first = await restore();
    await record('person', STRANGER, profileEvents.PersonErased, { personId: STRANGER });
    const second = await restore();
    const lineage = (await readLineage(store, TENANT))!;
    expect(lineage).toEqual({
      logId: second.logId,
      former: [
        { logId, forkIndex: first.forkIndex },
        { logId: first.logId, forkIndex: second.forkIndex },
      ],
    });
    const { forkIndex } = first;
    expect(
      [0, forkIndex, forkIndex + 1, forkIndex + 2, forkIndex + 3].map((i) => logIdAt(lineage, i)),
    ).toEqual([logId, logId, first.logId, first.logId, second.logId]);
  });

  it('takes keys that are bound to any log that it was, and no others', async () => {
    const older = new MemoryKeyStore(systemRandom);
    await older.bindTo(logId);
    await restore();
    const { logId: latest } = await restore({}, older);
    expect(await older.boundLog()).toBe(latest);

    const before = await head();
    const foreign = new MemoryKeyStore(systemRandom);
    await foreign.bindTo('another-log');
    await expect(restore({}, foreign)).rejects.toMatchObject({ name: 'KeyStoreError', failure: 'foreign' });
    await expect(restore({}, new MemoryKeyStore(systemRandom))).rejects.toMatchObject({ failure: 'missing' });
    expect(await foreign.boundLog()).toBe('another-log');
    expect(await head()).toBe(before);

    await restore({ keysOf: 'another-log' }, foreign);
    expect(await foreign.boundLog()).toBe((await readLineage(store, TENANT))!.logId);
  });

  it('R-100 destroys again the keys of everybody whom it calls erased', async () => {
    await record('person', CONTACT, profileEvents.PersonErased, {
      personId: CONTACT,
      customerId: COMPANY,
      isCustomer: false,
    });
    await keys.create(person(CONTACT), TENANT);
    await keys.create(person(INDIVIDUAL), TENANT);
    await restore();
    expect(keys.keyFor(person(CONTACT), TENANT)).toEqual({ status: 'destroyed' });
    expect(keys.keyFor(person(INDIVIDUAL), TENANT)).toMatchObject({ status: 'key' });
  });

  it('R-100 records erasures again that came after the backup, each once', async () => {
    const owners = [person(CONTACT), person(INDIVIDUAL), person(STRANGER)];
    for (const owner of [...owners, { kind: 'customer', id: INDIVIDUAL } as const])
      await keys.create(owner, TENANT);
    const erased = [
      { customerId: COMPANY, personId: CONTACT },
      { customerId: INDIVIDUAL, personId: INDIVIDUAL },
      { customerId: COMPANY, personId: STRANGER },
    ];
    expect(await restore({ erased })).toMatchObject({ erasedAgain: 2, unknown: 1 });
    for (const owner of [...owners, { kind: 'customer', id: INDIVIDUAL } as const])
      expect(keys.keyFor(owner, TENANT)).toEqual({ status: 'destroyed' });
    const { events } = await store.readStream(streamName('person', INDIVIDUAL));
    expect(events.map(decodeEvent)).toMatchObject([
      {
        type: profileEvents.PersonErased.type,
        customerId: INDIVIDUAL,
        data: { personId: INDIVIDUAL, customerId: INDIVIDUAL, isCustomer: true },
      },
    ]);
    expect((await store.readStream(streamName('person', STRANGER))).events).toEqual([]);
    expect(await restore({ erased })).toMatchObject({ erasedAgain: 0, unknown: 1 });
  });

  it('R-100 refuses a list that calls a company a person, before anything is done', async () => {
    const before = await head();
    await expect(restore({ erased: [{ customerId: COMPANY, personId: COMPANY }] })).rejects.toMatchObject({
      name: 'UsageError',
    });
    expect(await head()).toBe(before);
  });

  it('says so where somebody records meanwhile', async () => {
    const late = {
      readStream: store.readStream.bind(store),
      append: store.append.bind(store),
      head: async () => {
        const found = await store.head();
        await record('person', STRANGER, profileEvents.PersonErased, { personId: STRANGER });
        return found;
      },
    } as EventStore;
    await expect(
      restoreLog({ tenant: TENANT, store: late, keys, clock, random: systemRandom, erased: [] }),
    ).rejects.toMatchObject({ name: 'StoreError', failure: 'in-use' });
    expect(await keys.boundLog()).toBe(logId);
  });

  it('cut off before the keys are bound, is not opened by a start, and is finished by running it again', async () => {
    const dying = Object.create(keys) as MemoryKeyStore;
    dying.rebind = async () => Promise.reject(new Error('killed'));
    await expect(restore({}, dying)).rejects.toThrow('killed');
    const { logId: halfway } = (await readLineage(store, TENANT))!;
    await expect(keys.bindTo(halfway)).rejects.toMatchObject({ failure: 'foreign' });
    const again = await restore();
    expect(again.formerLogId).toBe(halfway);
    expect(await keys.boundLog()).toBe(again.logId);
  });
});

describe('an empty store', () => {
  it('is not restored', async () => {
    const keys = new MemoryKeyStore(systemRandom);
    await expect(
      restoreLog({
        tenant: TENANT,
        store: new MemoryEventStore(),
        keys,
        clock: systemClock,
        random: systemRandom,
        erased: [],
      }),
    ).rejects.toMatchObject({ name: 'UsageError' });
  });
});
