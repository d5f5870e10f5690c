import { eventAjv, type RecordRequest } from '@rapport/event-sourcing';
import { Problem } from '@rapport/platform';

const text = { type: 'string', maxLength: 4_096 } as const;
const uuid = {
  type: 'string',
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
} as const;
const count = (minimum: number) => ({ type: 'integer', minimum, maximum: Number.MAX_SAFE_INTEGER }) as const;

const identity = {
  commandId: uuid,
  requestHmac: text,
  actorAssertion: text,
  correlationId: text,
  causationId: text,
  origin: { enum: ['live', 'import', 'demo'] },
};
const identityFields = Object.keys(identity);

/** The form of a request to record; what its events may hold is judged by the gate. */
const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: [...identityFields, 'via', 'writes'],
  properties: {
    ...identity,
    logId: uuid,
    via: text,
    firings: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: identityFields,
        properties: identity,
      },
    },
    writes: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['stream', 'expectedRevision', 'events'],
        properties: {
          stream: text,
          expectedRevision: count(-1),
          events: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['type', 'version', 'data'],
              properties: {
                type: text,
                version: count(1),
                occurredAt: text,
                customerId: text,
                policies: { type: 'object', additionalProperties: count(0) },
                firing: count(0),
                data: {},
              },
            },
          },
        },
      },
    },
  },
};

const validate = eventAjv().compile(SCHEMA);

/**
 * What comes from another process is what the Ledger port's types promise, or is refused.
 *
 * @throws Problem `invalid-input` naming the place, never a value
 */
export function checkRecordRequest(message: unknown): void {
  if (!validate(message)) {
    const { instancePath, message: reason } = validate.errors![0]!;
    throw unreadable(instancePath === '' ? '/' : instancePath, reason ?? 'is malformed');
  }
  const { writes, firings = [] } = message as unknown as RecordRequest;
  writes.forEach(({ events }, write) =>
    events.forEach(({ firing }, n) => {
      if (firing === undefined || firing < firings.length) return;
      throw unreadable(`/writes/${write}/events/${n}/firing`, 'must be the place of one of the firings');
    }),
  );
}

function unreadable(field: string, message: string): Problem {
  return new Problem({
    kind: 'invalid-input',
    detail: 'The ledger cannot read this request: services and ledger are of different versions.',
    errors: [{ field, message }],
  });
}
