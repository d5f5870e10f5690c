import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  canonicalBytes,
  EVENTS,
  interactionEvents,
  isUnreadable,
  profileEvents,
  toDoIdOf,
  upcastData,
  type EventDefinition,
  type FormerVersion,
  type JsonValue,
  type RecordedEvent,
  type SealedValue,
} from '@rapport/contracts';
import { systemRandom } from '@rapport/platform';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { MemoryKeyStore } from '../keys/memory/memoryKeyStore.ts';
import { carry } from '../masking/carriedValue.ts';
import { Revealer } from '../masking/revealer.ts';
import { generatedData } from '../sealing/generatedEvents.ts';
import { SealedFieldCodec } from '../sealing/sealedFieldCodec.ts';
import { TamperedFieldError } from '../sealing/sealedFieldErrors.ts';
import type { EventData } from '../sealing/sealedSlots.ts';
import { currentEvent } from './currentEvent.ts';
import { readEvent, readRecorded } from './readEvent.ts';

const { InteractionRecorded } = interactionEvents;
const customerId = '0190c0de-0000-7000-8000-00000000c001';
const interactionId = '0190c0de-0000-7000-8000-0000000000b1';
const place = {
  tenant: 'main',
  stream: `interaction-${interactionId}`,
  commandId: 'c0ffee00-0000-5000-8000-000000000001',
  revision: 4,
};
const ajv = new Ajv2020({ strict: false });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);

const former = [...EVENTS.values()].flatMap((definition) =>
  definition.former.map(
    (version) => [`${definition.type} version ${version.version}`, definition, version] as const,
  ),
);

describe('an event of a former version', () => {
  let codec: SealedFieldCodec;
  let revealer: Revealer;
  beforeEach(() => {
    codec = new SealedFieldCodec(new MemoryKeyStore(systemRandom), systemRandom);
    revealer = new Revealer(codec);
  });

  async function recorded(
    version: Pick<FormerVersion, 'type' | 'version'> & Parameters<typeof codec.seal>[0],
    data: EventData,
  ) {
    return {
      ...place,
      type: version.type,
      version: version.version,
      data: await codec.seal(version, data, place),
    } as unknown as RecordedEvent<EventData>;
  }
  const [v1] = InteractionRecorded.former as readonly [FormerVersion];
  const step = (text: string) => ({ text, owner: 'u1', dueOn: '2026-01-01', priority: 'high' as const });
  const said = {
    customerId,
    interactionId,
    channel: 'visit',
    content: '讨论续约',
    nextSteps: [step('寄方案'), step('约拜访')],
  };

  it('R-034, R-040 is read as the newest: its next steps are to-dos, and a visit was at the customer’s', async () => {
    const current = currentEvent(await recorded(v1, said));
    expect(current).toMatchObject({
      version: 2,
      data: {
        place: 'customer',
        toDos: [{ toDoId: toDoIdOf(interactionId, 0) }, { toDoId: toDoIdOf(interactionId, 1) }],
      },
    });
    expect(current.data).not.toHaveProperty('nextSteps');
  });

  it('opens the sealed fields that the upcast moved, by the paths of the newest version', async () => {
    const current = currentEvent(await recorded(v1, said));
    expect((await codec.open(current)).data).toMatchObject({
      content: '讨论续约',
      toDos: [{ text: '寄方案' }, { text: '约拜访' }],
    });
    const some = await codec.open(current, ['toDos.*.text']);
    expect(some.data).toMatchObject({
      content: { alg: 'A256GCM' },
      toDos: [{ text: '寄方案' }, { text: '约拜访' }],
    });
  });

  it('is carried into views with what its sealed fields were bound to, and shown from there', async () => {
    const document = { toDos: carry(currentEvent(await recorded(v1, said)), 'toDos') };
    expect(JSON.parse(JSON.stringify(document))).toMatchObject({
      toDos: [{ text: { aad: expect.stringContaining('|/nextSteps/0/text|') } }, {}],
    });
    const stored = JSON.parse(JSON.stringify(document)) as object;
    expect(await revealer.reveal(stored, ['manager'], { tenant: 'main' })).toMatchObject({
      toDos: [{ text: '寄方案' }, { text: '约拜访' }],
    });
  });

  it('R-100 tells nobody who writes into the store where a value belongs: what it says of itself is not heard', async () => {
    const foreign = await recorded(v1, { ...said, content: 'of another event' });
    const stolen = foreign.data['content'] as SealedValue;
    const aad = `main|interaction-x|${v1.type}|/content|${place.commandId}`;
    for (const version of [1, 2]) {
      const forged = {
        ...foreign,
        stream: 'interaction-y',
        version,
        data: { ...foreign.data, content: { ...stolen, aad, 'sealed at': aad } },
      } as RecordedEvent<EventData>;
      await expect(async () => codec.open(currentEvent(forged), ['content'])).rejects.toThrow(
        TamperedFieldError,
      );
    }
  });

  it.each(former)(
    '%s fits the newest schemas, sealed and opened, and opening and upcasting may change places',
    async (_name, definition, version) => {
      const [stored, plain] = [ajv.compile(definition.stored), ajv.compile(definition.plain)];
      await fc.assert(
        fc.asyncProperty(generatedData(version), async (data) => {
          const event = await recorded(version, data);
          const before = JSON.stringify(event);
          const current = currentEvent(event);
          expect(JSON.stringify(event)).toBe(before);
          expect(stored(current.data) || stored.errors).toBe(true);
          const opened = await codec.open(current);
          expect(plain(opened.data) || plain.errors).toBe(true);
          expect(opened.data).toEqual(upcastData(definition, version.version, data as JsonValue));
        }),
        { numRuns: 50 },
      );
    },
  );
});

describe('reading a stored event', () => {
  const envelope = {
    specversion: '1',
    type: profileEvents.ContactLeft.type,
    version: 1,
    stream: `customer-${customerId}`,
    customerId,
    recordedAt: '2026-03-10T02:00:00.000Z',
    data: { customerId },
  };
  const stored = (text: string | object, type: string = envelope.type) => ({
    id: 'e1',
    position: 7,
    index: 3,
    stream: envelope.stream,
    revision: 2,
    type,
    data: typeof text === 'string' ? Buffer.from(text) : canonicalBytes(text as JsonValue),
  });

  it('gives the event with its place', () => {
    expect(readEvent(stored(envelope))).toMatchObject({ ...envelope, position: 7, index: 3, revision: 2 });
  });

  it.each(['', '王小明 {', '[]', 'null', '"x"', '{}', '{"type":"x","version":1}'])(
    'says of bytes that are no envelope where they stand, and nothing of them: %s',
    (text) => {
      expect(readEvent(stored(text))).toEqual({
        unreadable: 'no-envelope',
        id: 'e1',
        position: 7,
        index: 3,
        stream: envelope.stream,
        revision: 2,
        type: envelope.type,
      });
    },
  );

  it.each([
    [{ ...envelope, version: 99 }, 'unknown-version'],
    [{ ...envelope, version: 0 }, 'unknown-version'],
    [{ ...envelope, type: 'crm.profiles.Unheard' }, 'unknown-type'],
  ])(
    'says of what a later release wrote whose it is, and that it cannot be read (%#)',
    (written, unreadable) => {
      const read = readEvent(stored(written, written.type));
      expect(read).toMatchObject({ unreadable, version: written.version, customerId, index: 3 });
      expect(isUnreadable(read)).toBe(true);
    },
  );

  it('says so where a step fails at what is stored', () => {
    const broken: EventDefinition = {
      ...(profileEvents.ContactLeft as unknown as EventDefinition),
      version: 2,
      former: [
        {
          ...(profileEvents.ContactLeft as unknown as EventDefinition),
          upcast: () => {
            throw new TypeError('private details');
          },
        },
      ],
    };
    const event = { ...envelope, id: 'e1', position: 7, index: 3, revision: 2 } as unknown as RecordedEvent;
    const read = readRecorded(event, new Map([[broken.type, broken]]));
    expect(read).toMatchObject({ unreadable: 'not-upcast', version: 1 });
    expect(JSON.stringify(read)).not.toContain('private');
  });
});
