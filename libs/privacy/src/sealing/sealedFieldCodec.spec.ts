import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  EVENTS,
  interactionEvents,
  isSealed,
  profileEvents,
  ticketEvents,
  type EventDefinition,
  type RecordedEvent,
  type SealedValue,
} from '@rapport/contracts';
import { systemRandom } from '@rapport/platform';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { testCaches } from '@rapport/platform/testing';
import { CachedKeyStore } from '../keys/cachedKeyStore.ts';
import { KeysUnavailable } from '../keys/keysUnavailable.ts';
import { MemoryKeyStore } from '../keys/memory/memoryKeyStore.ts';
import { generatedData } from './generatedEvents.ts';
import { SealedFieldCodec } from './sealedFieldCodec.ts';
import { TamperedFieldError } from './sealedFieldErrors.ts';
import type { EventData } from './sealedSlots.ts';

const customerId = '0190c0de-0000-7000-8000-00000000c001';
const contactId = '0190c0de-0000-7000-8000-0000000000a1';
const context = {
  tenant: 'main',
  stream: `customer-${customerId}`,
  commandId: 'c0ffee00-0000-5000-8000-000000000001',
  revision: 3,
};

function recorded(definition: EventDefinition, data: unknown): RecordedEvent<EventData> {
  return { ...context, type: definition.type, version: definition.version, data } as RecordedEvent<EventData>;
}

const contact = { customerId, contactId, fullName: '张三', phone: '+8613800138000', isDecisionMaker: true };

describe('SealedFieldCodec', () => {
  let store: MemoryKeyStore;
  let codec: SealedFieldCodec;
  beforeEach(() => {
    store = new MemoryKeyStore(systemRandom);
    codec = new SealedFieldCodec(new CachedKeyStore(store, { now: () => 1 }, testCaches()), systemRandom);
  });

  const ajv = new Ajv2020({ strict: false });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);

  it.each([...EVENTS.values()].map((definition) => [definition.type, definition] as const))(
    'stores %s as its stored schema wants it and opens it to the same data',
    async (_type, definition) => {
      const valid = ajv.compile(definition.stored);
      await fc.assert(
        fc.asyncProperty(generatedData(definition), async (data) => {
          const before = JSON.stringify(data);
          const stored = await codec.seal(definition, data, context);
          expect(JSON.stringify(data)).toBe(before);
          expect(valid(stored) || valid.errors).toBe(true);
          const opened = await codec.open(recorded(definition, stored));
          expect(opened.data).toEqual(data);
        }),
        { numRuns: 20 },
      );
    },
  );

  it('seals every classified field and nothing else', async () => {
    const stored = await codec.seal(profileEvents.ContactAdded, contact, context);
    expect(stored).toMatchObject({ customerId, contactId, isDecisionMaker: true });
    expect(stored['phone']).toMatchObject({ v: 2, alg: 'A256GCM', kid: `main/person/${contactId}/1` });
    expect(JSON.stringify(stored)).not.toMatch(/张三|138001/);
  });

  it('seals the name of an individual and leaves that of a company clear (R-001)', async () => {
    const customer = { customerId, name: '王小明', source: 'referral' };
    const individual = await codec.seal(
      profileEvents.CustomerRegistered,
      { ...customer, kind: 'individual' },
      context,
    );
    const company = await codec.seal(
      profileEvents.CustomerRegistered,
      { ...customer, kind: 'company' },
      context,
    );
    expect(isSealed(individual['name'])).toBe(true);
    expect(company['name']).toBe('王小明');
    expect((await codec.open(recorded(profileEvents.CustomerRegistered, company))).data['name']).toBe(
      '王小明',
    );
  });

  it('opens only the fields that are asked for, and refuses to be asked for others', async () => {
    const stored = recorded(
      profileEvents.ContactAdded,
      await codec.seal(profileEvents.ContactAdded, contact, context),
    );
    const opened = await codec.open(stored, ['phone']);
    expect(opened.data['phone']).toBe('+8613800138000');
    expect(isSealed(opened.data['fullName'])).toBe(true);
    expect(() => codec.open(stored, ['customerId'])).toThrow('no sealed field customerId');
  });

  it('opens fields of list items by a path with *', async () => {
    const step = (text: string) => ({ text, owner: 'u1', dueOn: '2026-01-01', priority: 'high' });
    const data = { customerId, content: 'x', toDos: [step('one'), step('two')] };
    const stored = await codec.seal(interactionEvents.InteractionRecorded, data, context);
    const opened = await codec.open(recorded(interactionEvents.InteractionRecorded, stored), [
      'toDos.*.text',
    ]);
    expect(opened.data['toDos']).toEqual(data.toDos);
    expect(isSealed(opened.data['content'])).toBe(true);
  });

  it('answers at once where the keys are at hand', async () => {
    const stored = await codec.seal(profileEvents.ContactAdded, contact, context);
    expect(codec.seal(profileEvents.ContactAdded, contact, context)).not.toBeInstanceOf(Promise);
    expect(codec.open(recorded(profileEvents.ContactAdded, stored))).not.toBeInstanceOf(Promise);
  });

  it('never uses a nonce twice', async () => {
    const nonces = new Set<string>();
    for (let i = 0; i < 300; i++) {
      const stored = await codec.seal(profileEvents.ContactAdded, contact, context);
      nonces.add((stored['fullName'] as SealedValue).nonce).add((stored['phone'] as SealedValue).nonce);
    }
    expect(nonces.size).toBe(600);
  });

  describe('when a person was erased', () => {
    it('opens to {erased: true} and refuses to seal anything more (R-100)', async () => {
      const stored = await codec.seal(profileEvents.ContactAdded, contact, context);
      await store.destroy({ kind: 'person', id: contactId }, 'main');
      const fresh = new SealedFieldCodec(store, systemRandom);
      const opened = await fresh.open(recorded(profileEvents.ContactAdded, stored));
      expect(opened.data).toMatchObject({ customerId, fullName: { erased: true }, phone: { erased: true } });
      expect(() => fresh.seal(profileEvents.ContactAdded, contact, context)).toThrow(
        expect.objectContaining({ kind: 'rule-violated' }),
      );
    });
  });

  describe('when the key store does not answer', () => {
    it('stops instead of blanking, on sealing and on opening', async () => {
      const bare = new SealedFieldCodec(store, systemRandom);
      const stored = await bare.seal(profileEvents.ContactAdded, contact, context);
      store.interrupt(true);
      expect(() => bare.open(recorded(profileEvents.ContactAdded, stored))).toThrow(KeysUnavailable);
      expect(() => bare.seal(profileEvents.ContactAdded, contact, context)).toThrow(KeysUnavailable);
    });

    it('stops also where the key file is older than the log', async () => {
      const stored = await codec.seal(profileEvents.ContactAdded, contact, context);
      const other = new SealedFieldCodec(new MemoryKeyStore(systemRandom), systemRandom);
      expect(() => other.open(recorded(profileEvents.ContactAdded, stored))).toThrow(KeysUnavailable);
    });
  });

  describe('tampering is detected', () => {
    const event = async () =>
      recorded(profileEvents.ContactAdded, await codec.seal(profileEvents.ContactAdded, contact, context));

    it.each([
      ['another tenant', { tenant: 'other' }],
      ['another stream', { stream: 'customer-x' }],
      ['another command', { commandId: 'c0ffee00-0000-5000-8000-000000000002' }],
      ['another event of the stream', { revision: 4 }],
    ])('when the field stands in %s', async (_what, change) => {
      const moved = { ...(await event()), ...change };
      await expect(async () => codec.open(moved)).rejects.toThrow(TamperedFieldError);
    });

    it('when it stands in an event of another type', async () => {
      const stored = await codec.seal(ticketEvents.TicketResponded, { customerId, text: 'x' }, context);
      const moved = recorded(ticketEvents.TicketReopened, { customerId, reason: stored['text'] });
      await expect(async () => codec.open(moved)).rejects.toThrow(TamperedFieldError);
    });

    it('when two fields changed places', async () => {
      const { data, ...rest } = await event();
      const moved = { ...rest, data: { ...data, phone: data['fullName']!, fullName: data['phone']! } };
      await expect(async () => codec.open(moved)).rejects.toThrow(TamperedFieldError);
    });

    it('when a field is not sealed, or with the key of another kind or person', async () => {
      const { data, ...rest } = await event();
      const foreign = await codec.seal(
        profileEvents.ContactAdded,
        { ...contact, contactId: 'another' },
        context,
      );
      for (const phone of [
        '+8613900139000',
        { ...(data['phone'] as object), kid: `main/customer/${customerId}/1` },
      ]) {
        await expect(async () => codec.open({ ...rest, data: { ...data, phone } })).rejects.toThrow(
          TamperedFieldError,
        );
      }
      const phone = { ...(data['phone'] as object), kid: (foreign['phone'] as SealedValue).kid };
      await expect(async () => codec.open({ ...rest, data: { ...data, phone } })).rejects.toThrow(
        TamperedFieldError,
      );
    });

    it('when any character of nonce or ciphertext is another', async () => {
      const { data, ...rest } = await event();
      const phone = data['phone'] as SealedValue;
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom('nonce' as const, 'ct' as const),
          fc.nat(),
          fc.constantFrom(...'ABCDwxyz0189-_+/= '),
          async (part, at, character) => {
            const i = at % phone[part].length;
            fc.pre(phone[part][i] !== character);
            const altered = {
              ...phone,
              [part]: phone[part].slice(0, i) + character + phone[part].slice(i + 1),
            };
            await expect(async () =>
              codec.open({ ...rest, data: { ...data, phone: altered } }),
            ).rejects.toThrow(TamperedFieldError);
          },
        ),
        { numRuns: 200 },
      );
    });

    it('and the error names the place and no content', async () => {
      const { data, ...rest } = await event();
      const moved = { ...rest, stream: 'customer-x', data };
      await expect(async () => codec.open(moved)).rejects.toThrow(
        expect.objectContaining({ message: expect.not.stringMatching(/张三|1380/) }),
      );
    });
  });
});
