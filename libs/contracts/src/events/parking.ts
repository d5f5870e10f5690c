import Type from 'typebox';
import { defineEvent } from '../schema/eventDefinition.ts';
import { InstantText, Line } from '../schema/types.ts';

/** What waits, in a stream of its own (`parkingStream`). */
const parked = () => ({
  /** What could not go on with it: `reaction/standing-1`, `deadlines/profiles`. */
  owner: Type.String({ pattern: '^[a-z]+/[a-z0-9-]{1,80}$' }),
  /** In the owner's words: a customer's id, a deadline's id and generation. Never personal. */
  key: Line(200),
});

/** The owner could not go on with this key: it waits, others go on. Each failed try records it again. */
export const KeyParked = defineEvent('crm.ledger.KeyParked', 1, 'parking', {
  ...parked(),
  /** The stream that it failed at. */
  stream: Line(120),
  /** The event that it failed at, where it was one. */
  revision: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Kind or type of the error, never its message. */
  reason: Line(80),
  /** How often it has failed so far. */
  attempt: Type.Integer({ minimum: 1 }),
  /** When it is tried again. */
  retryAt: InstantText(),
});

/** An operator wants a parked key to be tried again before its time. */
export const KeyRetryRequested = defineEvent('crm.ledger.KeyRetryRequested', 1, 'parking', {
  ...parked(),
  retryAt: InstantText(),
});

/** The key is up to date again. That of a due needs none: it ends with the deadline's own event. */
export const KeyUnparked = defineEvent('crm.ledger.KeyUnparked', 1, 'parking', parked());
