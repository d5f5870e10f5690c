import { describe, expect, it } from '@jest/globals';
import { canonicalBytes, decodeEvent, type JsonValue } from '@rapport/contracts';
import fc from 'fast-check';
import { envelopeFields } from './envelopeFields.ts';

const odd = fc.constantFrom(
  '',
  '","data":',
  '"',
  '\\',
  '工单',
  'x'.repeat(700),
  ',"customerId":"c-1"',
  '}',
  'ü"',
);
const id = fc.oneof(
  { weight: 3, arbitrary: fc.uuid() },
  { weight: 1, arbitrary: odd },
  { weight: 1, arbitrary: fc.string().map((text) => text.normalize('NFC')) },
);

describe('the fields of an envelope', () => {
  it('are those of the decoded envelope, whatever its texts are', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            actor: id,
            causationId: id,
            commandId: id,
            correlationId: id,
            customerId: id,
            via: id,
            stream: id,
            text: id,
          },
          { requiredKeys: ['actor', 'causationId', 'commandId', 'correlationId', 'via', 'stream', 'text'] },
        ),
        fc.integer({ min: 1, max: 99 }),
        ({ text, ...texts }, version) => {
          fc.pre(Object.values({ text, ...texts }).every((value) => isWellFormed(value)));
          const type = 'crm.tickets.TicketOpened';
          const recordedAt = '2026-03-10T02:00:00.000Z';
          const said = { text, customerId: text };
          const data = canonicalBytes({ ...texts, type, recordedAt, version, data: said } as JsonValue);
          const event = { id: 'e', position: 1, index: 1, revision: 0, data };
          const { version: found, customerId, correlationId } = envelopeFields(event);
          const whole = decodeEvent({ ...event, data: Uint8Array.from(data) });
          expect({ found, customerId, correlationId }).toEqual({
            found: whole.version,
            customerId: whole.customerId,
            correlationId: whole.correlationId,
          });
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each(['王小明', '', '[]', 'null', '{}', '{"actor":"a","data":{},"version":1,"via":"x"}'])(
    'are none for bytes that are no envelope: later facts do not wait for them (%s)',
    (text) => {
      const event = { id: 'e', position: 7, index: 1, revision: 0, data: Buffer.from(text) };
      expect(envelopeFields(event)).toEqual({ version: 0, correlationId: '' });
    },
  );
});

const isWellFormed = (text: string) => !/[\uD800-\uDFFF]/.test(text);
