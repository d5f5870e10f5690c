import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  EVENTS,
  interactionEvents,
  isVisible,
  profileEvents,
  ROLES,
  ticketEvents,
  type RecordedEvent,
  type Role,
} from '@rapport/contracts';
import { systemRandom } from '@rapport/platform';
import { KeysUnavailable } from '../keys/keysUnavailable.ts';
import { MemoryKeyStore } from '../keys/memory/memoryKeyStore.ts';
import { generatedData } from '../sealing/generatedEvents.ts';
import { SealedFieldCodec } from '../sealing/sealedFieldCodec.ts';
import { TamperedFieldError } from '../sealing/sealedFieldErrors.ts';
import { sealedSlots, type EventData } from '../sealing/sealedSlots.ts';
import { carry } from './carriedValue.ts';
import { Revealer } from './revealer.ts';
import { shownBytes } from './shownBytes.ts';

const customerId = '0190c0de-0000-7000-8000-00000000c001';
const contactId = '0190c0de-0000-7000-8000-0000000000a1';
const place = {
  tenant: 'main',
  stream: `customer-${customerId}`,
  commandId: 'c0ffee00-0000-5000-8000-000000000001',
  revision: 2,
};
const main = { tenant: 'main' };

describe('Revealer, the one place of masking', () => {
  let keys: MemoryKeyStore;
  let codec: SealedFieldCodec;
  let revealer: Revealer;
  beforeEach(() => {
    keys = new MemoryKeyStore(systemRandom);
    codec = new SealedFieldCodec(keys, systemRandom);
    revealer = new Revealer(codec);
  });

  async function recorded(type: string, data: EventData): Promise<RecordedEvent<EventData>> {
    const definition = EVENTS.get(type)!;
    return {
      ...place,
      type,
      version: definition.version,
      data: await codec.seal(definition, data, place),
    } as RecordedEvent<EventData>;
  }

  /** A document as a view keeps it, with one field of every class. */
  async function document() {
    const contact = await recorded(profileEvents.ContactAdded.type, {
      customerId,
      contactId,
      fullName: '张三',
      phone: '+8613800138000',
      isDecisionMaker: true,
    });
    const response = await recorded(ticketEvents.TicketResponded.type, { customerId, text: '已经修好' });
    const purchase = await recorded(profileEvents.PurchaseRecorded.type, {
      customerId,
      amount: { amount: '500000.00', currency: 'CNY', cny: '500000.00' },
    });
    return {
      id: customerId,
      contacts: [{ fullName: carry(contact, 'fullName'), phone: carry(contact, 'phone') }],
      messages: [carry(response, 'text')],
      purchases: [carry(purchase, 'amount')],
      spend: { cny: 50_000_000 },
    };
  }
  const classified = { 'spend.cny': 'confidential' } as const;
  const masked = (name: string) => ({ masked: true, class: name });

  it('R-100 shows the account manager everything', async () => {
    expect(await revealer.reveal(await document(), ['account-manager'], { ...main, classified })).toEqual({
      id: customerId,
      contacts: [{ fullName: '张三', phone: '+8613800138000' }],
      messages: ['已经修好'],
      purchases: [{ amount: '500000.00', currency: 'CNY', cny: '500000.00' }],
      spend: { cny: 50_000_000 },
    });
  });

  it('R-100 shows the service agent contacts and messages and no finances', async () => {
    expect(await revealer.reveal(await document(), ['service-agent'], { ...main, classified })).toEqual({
      id: customerId,
      contacts: [{ fullName: '张三', phone: '+8613800138000' }],
      messages: ['已经修好'],
      purchases: [masked('confidential')],
      spend: { cny: masked('confidential') },
    });
  });

  it('R-100 shows marketing names and no telephone numbers', async () => {
    expect(await revealer.reveal(await document(), ['marketing'], main)).toMatchObject({
      contacts: [{ fullName: '张三', phone: masked('personal') }],
      messages: [masked('free-text')],
    });
  });

  it.each(['auditor', 'administrator'] as const)('R-100 shows the %s masks only', async (role) => {
    expect(await revealer.reveal(await document(), [role], { ...main, classified })).toEqual({
      id: customerId,
      contacts: [{ fullName: masked('personal'), phone: masked('personal') }],
      messages: [masked('free-text')],
      purchases: [masked('confidential')],
      spend: { cny: masked('confidential') },
    });
  });

  it('R-100 never leaks: for any roles, no plaintext of a hidden field of any event is in the output', async () => {
    const definitions = [...EVENTS.values()].filter(({ sealedFields }) => sealedFields.length > 0);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          ...definitions.map((definition) => fc.tuple(fc.constant(definition), generatedData(definition))),
        ),
        fc.subarray([...ROLES]),
        async ([definition, generated], roles) => {
          const { copy, slots } = sealedSlots(definition, generated);
          // Every classified value gets a mark that stands nowhere else.
          const marks = slots.map(({ container, key, pointer, fieldClass }, i) => {
            const mark = `MARK${i}EDGE`;
            container[key] = typeof container[key] === 'object' ? { note: mark } : mark;
            return { mark, visible: isVisible(fieldClass.class, roles, pointer) };
          });
          const event = await recorded(definition.type, copy as EventData);
          const output = JSON.stringify(
            await revealer.reveal({ list: [carry(event, '')], event }, roles, main),
          );
          for (const { mark, visible } of marks)
            expect([mark, output.includes(mark)]).toEqual([mark, visible]);
          expect(output).not.toContain('A256GCM');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is never longer than shownBytes says, whoever asks, and no shorter where all is seen', async () => {
    const definitions = [...EVENTS.values()];
    const bytesOf = (shown: unknown): number => Buffer.byteLength(JSON.stringify(shown));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          ...definitions.map((definition) => fc.tuple(fc.constant(definition), generatedData(definition))),
        ),
        fc.subarray([...ROLES]),
        fc.oneof(fc.constant(null), fc.string()),
        async ([definition, generated], roles, figure) => {
          const event = await recorded(definition.type, generated);
          const body = { list: [carry(event, ''), { figure }], event };
          const context = { ...main, classified: { 'list.figure': 'confidential' } as const };
          const shown = await revealer.reveal(body, roles, context);
          expect(bytesOf(shown)).toBeLessThanOrEqual(shownBytes(body, context.classified));
        },
      ),
      { numRuns: 300 },
    );
    const response = await recorded(ticketEvents.TicketResponded.type, {
      customerId,
      text: '已经修好"'.repeat(100),
    });
    const carried = carry(response, '');
    const seen = bytesOf(await revealer.reveal(carried, ['manager'], main));
    expect(shownBytes(carried) - seen).toBeLessThan(10);
    expect(shownBytes({ odd: { alg: 'A256GCM', aad: 'a|b' } })).toBeGreaterThan(40);
  });

  it('R-100 masks computed fields by their declared class, inside lists too, and only those', async () => {
    const body = { rows: [{ cny: 1, n: 2 }, { cny: null }, { n: 3 }, { cny: { deep: 'secret' } }], cny: 9 };
    const context = { ...main, classified: { 'rows.cny': 'confidential' } as const };
    expect(await revealer.reveal(body, ['specialist'], context)).toEqual({
      rows: [
        { cny: masked('confidential'), n: 2 },
        { cny: masked('confidential') },
        { n: 3 },
        { cny: masked('confidential') },
      ],
      cny: 9,
    });
    expect(await revealer.reveal(body, ['manager'], context)).toEqual(body);
  });

  it('masks a classified field where a role sees only some fields of the class', async () => {
    const context = { ...main, classified: { name: 'personal' } as const };
    expect(await revealer.reveal({ name: 'x' }, ['marketing'], context)).toEqual({
      name: masked('personal'),
    });
  });

  it('says erased where the key was destroyed, and masked where the role would not have seen it', async () => {
    const body = await document();
    await keys.destroy({ kind: 'person', id: contactId }, 'main');
    expect(await revealer.reveal(body.contacts, ['manager'], main)).toEqual([
      { fullName: { erased: true }, phone: { erased: true } },
    ]);
    expect(await revealer.reveal(body.contacts, ['auditor'], main)).toEqual([
      { fullName: masked('personal'), phone: masked('personal') },
    ]);
    const context = { ...main, classified: { name: 'personal' } as const };
    expect(await revealer.reveal({ name: { erased: true } }, ['auditor'], context)).toEqual({
      name: { erased: true },
    });
  });

  it('asks for no key that the roles may not use, and fails loudly where it must and can not', async () => {
    const body = await document();
    keys.interrupt(true);
    await expect(revealer.reveal(body, ['auditor'], main)).resolves.toBeDefined();
    await expect(revealer.reveal(body, ['manager'], main)).rejects.toThrow(KeysUnavailable);
  });

  it('refuses what belongs to another tenant', async () => {
    await expect(revealer.reveal(await document(), ['manager'], { tenant: 'other' })).rejects.toThrow(
      TamperedFieldError,
    );
  });

  it('masks sealed values that do not say where they come from, and what only looks sealed', async () => {
    const { data } = await recorded(ticketEvents.TicketResponded.type, { customerId, text: 'x' });
    const body = {
      text: data['text'],
      odd: { alg: 'A256GCM', aad: 'a|b' },
      none: { alg: 'A256GCM', kid: 7 },
    };
    expect(await revealer.reveal(body, [...ROLES] as Role[], main)).toEqual({
      text: masked('free-text'),
      odd: masked('personal'),
      none: masked('personal'),
    });
  });

  it('copies any other JSON unchanged, keys like __proto__ included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        const body: unknown = JSON.parse(text);
        expect(JSON.stringify(await revealer.reveal(body, [], main))).toBe(JSON.stringify(body));
      }),
      { numRuns: 100 },
    );
  });
});

describe('carry', () => {
  const { type } = interactionEvents.InteractionRecorded;
  const sealed = { v: 2, alg: 'A256GCM', kid: `main/customer/${customerId}/1`, ct: 'x' };
  const event = {
    ...place,
    type,
    version: 1,
    data: { customerId, late: true, nextSteps: [{ text: sealed }], channel: 'Firma' },
  } as unknown as RecordedEvent<EventData>;
  const changed = (data: object) => ({ ...event, data: { ...event.data, ...data } });

  it('takes along what a sealed value is bound to, with its place in lists', () => {
    const first = `main|customer-${customerId}|${type}|/nextSteps/0/text|${place.commandId}`;
    const aad = `${first}|2|${customerId}`;
    expect(carry(event, 'nextSteps')).toEqual([{ text: { ...sealed, aad } }]);
    expect(carry(event, 'nextSteps.0.text')).toEqual({ ...sealed, aad });
    const before = { ...sealed, v: 1 };
    expect(carry(changed({ nextSteps: [{ text: before }] }), 'nextSteps.0.text')).toEqual({
      ...before,
      aad: first,
    });
  });

  it('takes nothing along for what is sealed where nothing is to be: nobody can open it', () => {
    expect(carry(changed({ channel: sealed }), 'channel')).toEqual(sealed);
  });

  it('carries nothing of another owner than its event', () => {
    const foreign = { ...sealed, kid: `main/customer/${contactId}/1` };
    expect(() => carry(changed({ content: foreign }), 'content')).toThrow(TamperedFieldError);
  });

  it('copies clear fields and leaves absent ones undefined', () => {
    expect(carry(event, 'channel')).toBe('Firma');
    expect(carry(event, 'missing')).toBeUndefined();
    expect(carry(event, 'toString')).toBeUndefined();
    expect(carry(event, 'nextSteps.7.text')).toBeUndefined();
  });
});
