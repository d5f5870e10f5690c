import { describe, expect, it } from '@jest/globals';
import { headers } from '@nats-io/nats-core';
import type { Fact } from './fact.ts';
import { encodeHeaders, readFact } from './factHeaders.ts';
import { factsStreamName, indexOf, readMetadata, metadataOf, sequenceOf } from './factsStream.ts';
import { factSubject } from './factSubject.ts';

const FACT: Fact = {
  logId: '0193b1e0-0000-7000-8000-000000000001',
  index: 1_000_000,
  prevIndex: -1,
  id: '5d8f9b0a-0000-5000-8000-000000000002',
  type: 'crm.tickets.TicketOpened',
  version: 1,
  stream: 'ticket-5d8f9b0a',
  revision: 0,
  partition: 7,
  traceparent: '00-0193b1e0000070008000000000000001-8000000000000002-01',
  data: new Uint8Array([1]),
};
const subject = factSubject('main', FACT.type, FACT.partition);
const EXPECTED = { streamName: 's', lastSequence: 41, batch: { id: 'b-1', place: 1, commit: true } };

function parsed(bytes: Uint8Array) {
  const block = headers();
  const [first, ...lines] = Buffer.from(bytes).toString('latin1').split('\r\n');
  expect(first).toBe('NATS/1.0');
  expect(lines.slice(-2)).toEqual(['', '']);
  for (const line of lines.slice(0, -2))
    block.append(line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2));
  return block;
}

describe('the headers of a fact', () => {
  it('carry the fact and what must stand before it', () => {
    const block = parsed(encodeHeaders(FACT, EXPECTED));
    expect(readFact({ subject, headers: block, data: FACT.data })).toEqual(FACT);
    expect(block.get('Nats-Expected-Stream')).toBe('s');
    expect(block.get('Nats-Expected-Last-Sequence')).toBe('41');
    expect(block.get('Nats-Msg-Id')).toBe(FACT.id);
    expect(['Id', 'Sequence', 'Commit'].map((name) => block.get(`Nats-Batch-${name}`))).toEqual([
      'b-1',
      '1',
      '1',
    ]);
  });

  it('expect no sequence behind the first of a batch, and name no batch for a single one', () => {
    const inside = parsed(encodeHeaders(FACT, { ...EXPECTED, lastSequence: undefined }));
    expect(inside.has('Nats-Expected-Last-Sequence')).toBe(false);
    expect(parsed(encodeHeaders(FACT, { ...EXPECTED, batch: undefined })).has('Nats-Batch-Id')).toBe(false);
  });

  it.each([
    'Crm-Log',
    'Crm-Index',
    'Crm-Prev-Index',
    'Nats-Msg-Id',
    'Crm-Type',
    'Crm-Version',
    'Crm-Stream',
    'Crm-Revision',
  ])('make no fact without %s', (name) => {
    const block = parsed(encodeHeaders(FACT, EXPECTED));
    block.delete(name);
    expect(readFact({ subject, headers: block, data: FACT.data })).toBeUndefined();
  });
});

describe('the facts stream', () => {
  it('counts from 1, from the index on at which its generation begins', () => {
    expect(sequenceOf({ offset: 0 }, 0)).toBe(1);
    expect(sequenceOf({ offset: 400 }, 400)).toBe(1);
    expect(indexOf({ offset: 400 }, 1)).toBe(400);
  });

  it('has log and generation in its name and offset in its metadata, and refuses what could not stand there', () => {
    const stream = { tenant: 'main', logId: FACT.logId, generation: 2, offset: 400 };
    expect(factsStreamName(stream)).toBe(`crm-main-facts-${FACT.logId}-g2`);
    expect(readMetadata(metadataOf(stream))).toEqual(stream);
    expect(readMetadata({})).toBeUndefined();
    for (const wrong of [{ tenant: 'a.b' }, { logId: '*' }, { generation: 0 }]) {
      expect(() => factsStreamName({ ...stream, ...wrong })).toThrow(RangeError);
    }
    expect(() => factSubject('main', 'crm.tickets.*', 1)).toThrow(RangeError);
  });
});
