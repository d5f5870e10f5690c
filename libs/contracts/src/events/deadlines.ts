import Type from 'typebox';
import { COUNTED, defineEvent } from '../schema/eventDefinition.ts';
import { Id, InstantText, Line } from '../schema/types.ts';

/** What each of these events says of its deadline. */
const deadline = () => ({
  /** Name in the decider's table of deadlines. */
  deadline: Type.String({ pattern: '^[a-z][a-z0-9-]{0,79}$' }),
  /** Which of several of that name in one stream; never personal. */
  key: Type.Optional(Line(200)),
  /** UUIDv5 of stream, name and key. */
  deadlineId: Id(),
  /** Counts the schedules of one deadline: the firing's command id is made of both. */
  generation: Type.Integer({ minimum: 1 }),
  due: InstantText(),
  customerId: Type.Optional(Id()),
});

/** Something falls due (contract.md, «Time and effects»). Takes the place of the deadline's earlier schedules. */
export const DeadlineScheduled = defineEvent('crm.deadlines.DeadlineScheduled', 1, COUNTED, {
  ...deadline(),
  /** The handbook's rule that sets it, `R-061 PLAN`. */
  clause: Line(120),
  /** Version of the calendar that it was computed by. */
  calendar: Type.Optional(Type.Integer({ minimum: 1 })),
});

/** A due has passed; what follows from it stands beside. */
export const DeadlineFired = defineEvent('crm.deadlines.DeadlineFired', 1, COUNTED, deadline());

/** A scheduled due will not come: what it waited for is done, or moot. */
export const DeadlineCancelled = defineEvent('crm.deadlines.DeadlineCancelled', 1, COUNTED, deadline());

/** A due has passed and nothing follows: it lay before an import, or was missed while the system was down. */
export const DeadlineSkipped = defineEvent('crm.deadlines.DeadlineSkipped', 1, COUNTED, {
  ...deadline(),
  reason: Type.Enum(['import', 'downtime']),
});
