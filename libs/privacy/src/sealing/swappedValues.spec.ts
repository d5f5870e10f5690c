import { describe, expect, it } from '@jest/globals';
import {
  canonicalBytes,
  decodeEvent,
  event,
  EVENTS,
  interactionEvents,
  profileEvents,
  ROLES,
  ticketEvents,
  type DomainEvent,
  type JsonValue,
  type RecordedEvent,
  type SealedValue,
} from '@rapport/contracts';
import { systemRandom } from '@rapport/platform';
import { MemoryKeyStore } from '../keys/memory/memoryKeyStore.ts';
import { carry } from '../masking/carriedValue.ts';
import { Revealer } from '../masking/revealer.ts';
import type { SealVersion } from './authenticatedData.ts';
import { SealedFieldCodec } from './sealedFieldCodec.ts';
import { TamperedFieldError } from './sealedFieldErrors.ts';
import type { EventData } from './sealedSlots.ts';

const customerId = '0190c0de-0000-7000-8000-00000000c001';
const contactId = '0190c0de-0000-7000-8000-0000000000a1';
const otherId = '0190c0de-0000-7000-8000-0000000000a2';
const ticketId = '0190c0de-0000-7000-8000-0000000000b1';
const envelope = {
  tenant: 'main',
  stream: `customer-${customerId}`,
  commandId: 'c0ffee00-0000-5000-8000-000000000001',
};

const contacts = [
  event(profileEvents.ContactAdded, { customerId, contactId, fullName: '张三', isDecisionMaker: true }),
  event(profileEvents.ContactAdded, {
    customerId,
    contactId: otherId,
    fullName: '李四',
    isDecisionMaker: false,
  }),
];
const respond = (text: string) =>
  event(ticketEvents.TicketResponded, { customerId, ticketId, responseId: ticketId, text });

interface Stored {
  commandId: string;
  data: Record<string, Record<string, JsonValue>>;
}

const FORMS: readonly SealVersion[] = [1, 2];

describe('Sealed values that are swapped in stored bytes, contract «no value opens in another place»', () => {
  const keys = new MemoryKeyStore(systemRandom);

  /** The events of one command as they are read back after somebody with access to the store has changed them. */
  async function readBack(
    form: SealVersion,
    events: readonly DomainEvent[],
    change: (stored: Stored[]) => void,
  ): Promise<readonly RecordedEvent<EventData>[]> {
    const codec = new SealedFieldCodec(keys, systemRandom, form);
    const stored: Stored[] = [];
    for (const [n, { type, data }] of events.entries()) {
      const context = { ...envelope, revision: 5 + n };
      const definition = EVENTS.get(type)!;
      const sealed = await codec.seal(definition, data as EventData, context);
      const { version } = definition;
      const bytes = canonicalBytes({ ...envelope, type, version, data: sealed as JsonValue });
      stored.push(JSON.parse(Buffer.from(bytes).toString('utf8')) as Stored);
    }
    change(stored);
    return stored.map((changed, n) =>
      decodeEvent({
        id: `00000000-0000-5000-9000-00000000000${n}`,
        position: 40 + n,
        index: 40 + n,
        revision: 5 + n,
        data: canonicalBytes(changed as unknown as JsonValue),
      }),
    ) as unknown as readonly RecordedEvent<EventData>[];
  }

  const opener = new SealedFieldCodec(keys, systemRandom);
  const revealer = new Revealer(opener);

  /** Neither who opens an event nor who is shown a view's document is given the value. */
  async function expectNoticed(events: readonly RecordedEvent<EventData>[]): Promise<void> {
    for (const read of events) {
      await expect(async () => opener.open(read)).rejects.toThrow(TamperedFieldError);
      await expect(async () =>
        revealer.reveal(carry(read, ''), [...ROLES], { tenant: 'main' }),
      ).rejects.toThrow(TamperedFieldError);
    }
  }

  it.each(FORMS)('v: %i as they were stored, open', async (form) => {
    const events = await readBack(form, [...contacts, respond('已经修好')], () => undefined);
    const opened = await Promise.all(events.map(async (read) => opener.open(read)));
    expect(opened.map(({ data }) => data['fullName'] ?? data['text'])).toEqual(['张三', '李四', '已经修好']);
    const shown = await revealer.reveal(
      events.map((read) => carry(read, '')),
      ['manager'],
      { tenant: 'main' },
    );
    expect(shown).toEqual(opened.map(({ data }) => data));
  });

  it.each(FORMS)('v: %i between two contacts of one registration, are noticed', async (form) => {
    await expectNoticed(
      await readBack(form, contacts, ([one, other]) => {
        [one!.data['fullName'], other!.data['fullName']] = [other!.data['fullName']!, one!.data['fullName']!];
      }),
    );
  });

  it.each(FORMS)('v: %i between two contacts, each left with its own key id, are noticed', async (form) => {
    await expectNoticed(
      await readBack(form, contacts, ([one, other]) => {
        const [mine, theirs] = [one!.data['fullName']!, other!.data['fullName']!];
        one!.data['fullName'] = { ...theirs, kid: mine['kid']! };
        other!.data['fullName'] = { ...mine, kid: theirs['kid']! };
      }),
    );
  });

  it('v: 2 between two events of one command of the same owner, are noticed', async () => {
    await expectNoticed(
      await readBack(2, [respond('好'), respond('不好')], ([one, other]) => {
        [one!.data['text'], other!.data['text']] = [other!.data['text']!, one!.data['text']!];
      }),
    );
  });

  it.each(FORMS)('v: %i between items of a list, are noticed', async (form) => {
    const step = (text: string) => ({ text, owner: 'u1', dueOn: '2026-01-01', priority: 'high' as const });
    const interaction = {
      type: interactionEvents.InteractionRecorded.type,
      data: { customerId, content: 'x', toDos: [step('one'), step('two')] },
    };
    await expectNoticed(
      await readBack(form, [interaction], ([stored]) => {
        const [one, two] = stored!.data['toDos'] as unknown as Record<string, JsonValue>[];
        [one!['text'], two!['text']] = [two!['text']!, one!['text']!];
      }),
    );
  });

  it('v: 2 said to be v: 1, with what v: 2 adds put at the end of the command id, are noticed', async () => {
    await expectNoticed(
      await readBack(2, [respond('好')], ([stored]) => {
        stored!.data['text']!['v'] = 1;
        stored!.commandId += `|5|${customerId}`;
      }),
    );
  });

  it.each(FORMS)('v: %i of an event without its owner, are noticed', async (form) => {
    await expectNoticed(
      await readBack(form, contacts, (stored) => {
        for (const { data } of stored) delete data['contactId'];
      }),
    );
  });

  it('of a form that a later release seals in, are told from tampering', async () => {
    const [read] = await readBack(2, [respond('好')], ([stored]) => {
      stored!.data['text']!['v'] = 3;
    });
    const later = read!.data['text'] as unknown as SealedValue;
    expect(later.v).toBe(3);
    await expect(async () => opener.open(read!)).rejects.toThrow('has form 3: deploy the release');
    await expect(async () =>
      revealer.reveal(carry(read!, ''), ['manager'], { tenant: 'main' }),
    ).rejects.toThrow('has form 3: deploy the release');
  });
});
