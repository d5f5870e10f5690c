import { expect, it } from '@rapport/platform/conformance';
import { MAX_EVENT_BYTES } from '../appending/appendRequest.ts';
import { type EventStore, type NewEvent, NO_STREAM, type StreamWrite } from '../eventStore.ts';
import { appended, newEvent, newStream, uuid, write } from './fixtures.ts';

type Row = [string, () => StreamWrite[]];

const NAMES = [
  '',
  'ticket',
  'ticket-',
  '-1',
  'Ticket-1',
  'ticket-A',
  'ticket-1 ',
  '$system-1',
  `ticket-${'1'.repeat(81)}`,
];
const IDS = [
  '',
  'x',
  '0190f7a2-0000-7000-8000',
  uuid().toUpperCase(),
  `{${uuid()}}`,
  uuid().replaceAll('-', ''),
];

export function refusingConformance(store: () => EventStore): void {
  const creating = (event: NewEvent, stream = newStream()) => [write(stream, NO_STREAM, event)];

  it.each<Row>([
    ['an empty request', () => []],
    ...NAMES.map((name): Row => [`the stream name «${name}»`, () => creating(newEvent(), name)]),
    ...IDS.map((id): Row => [`the event id «${id}»`, () => creating({ ...newEvent(), id })]),
    ['an event without a type', () => creating({ ...newEvent(), type: '' })],
    ['a type with control characters', () => creating({ ...newEvent(), type: 'a\u0000b' })],
    ['an event above 256 kB', () => creating({ ...newEvent(), data: new Uint8Array(MAX_EVENT_BYTES + 1) })],
    ['a revision below -1', () => [write(newStream(), -2, newEvent())]],
    ['a fractional revision', () => [write(newStream(), 0.5, newEvent())]],
    ['a revision that is no number', () => [write(newStream(), Number.NaN, newEvent())]],
    ['the same stream twice', () => sameStream(newStream('creditCode'))],
    ['streams that differ only in case', () => caseOnly()],
    ['the same event id twice', () => twice(newEvent())],
  ])('refuses %s as invalid and stores nothing', async (_, request) => {
    const head = await store().head();
    const neighbour = newStream();
    const spoilt = request().length === 0 ? [] : [write(neighbour, NO_STREAM, newEvent()), ...request()];
    await expect(store().append(request())).rejects.toMatchObject({ name: 'StoreError', failure: 'invalid' });
    await expect(store().append(spoilt)).rejects.toMatchObject({ name: 'StoreError', failure: 'invalid' });
    expect(await store().head()).toEqual(head);
    expect((await store().readStream(neighbour)).headRevision).toBe(NO_STREAM);
  });

  it('names the place, not the value', async () => {
    const request = [
      write(newStream(), NO_STREAM),
      write(newStream(), NO_STREAM, { ...newEvent(), id: 'Ada Lovelace' }),
    ];
    await expect(store().append(request)).rejects.toThrow(/writes\[1\]\.events\[0\]/);
    await expect(store().append(request)).rejects.not.toThrow(/Ada/);
  });

  it('stores an event of exactly 256 kB', async () => {
    const stream = newStream();
    const data = Buffer.alloc(MAX_EVENT_BYTES, 'a');
    await appended(store(), write(stream, NO_STREAM, { ...newEvent(), data }));
    const [event] = (await store().readStream(stream)).events;
    expect(event!.data.byteLength).toBe(MAX_EVENT_BYTES);
  });

  it('refuses reads out of range', async () => {
    const invalid = { name: 'StoreError', failure: 'invalid' };
    await expect(store().readStream(newStream(), { fromRevision: -1 })).rejects.toMatchObject(invalid);
    await expect(store().readStream(newStream(), { limit: 0 })).rejects.toMatchObject(invalid);
    await expect(store().readAll({ after: -2 })).rejects.toMatchObject(invalid);
    await expect(store().readAll({ limit: 1.5 })).rejects.toMatchObject(invalid);
    await expect(store().readCounted(-1, 10)).rejects.toMatchObject(invalid);
    await expect(store().readCounted(0, 0)).rejects.toMatchObject(invalid);
  });
}

const sameStream = (stream: string) => [write(stream, NO_STREAM, newEvent()), write(stream, 0, newEvent())];

const caseOnly = () => {
  const id = uuid();
  return [write(`creditCode-${id}`, NO_STREAM, newEvent()), write(`creditcode-${id}`, NO_STREAM, newEvent())];
};

const twice = (event: NewEvent) => [
  write(newStream(), NO_STREAM, event),
  write(newStream(), NO_STREAM, newEvent(), { ...newEvent(), id: event.id }),
];
