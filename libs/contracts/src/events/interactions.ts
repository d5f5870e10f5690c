import Type from 'typebox';
import { defineEvent, nextVersion } from '../schema/eventDefinition.ts';
import { freeText } from '../schema/fieldClass.ts';
import { Id, InstantText, Line, PlainDateText, StaffIdText } from '../schema/types.ts';
import {
  INTERACTION_CHANNELS,
  INTERACTION_PLACES,
  INTERACTION_PURPOSES,
  placeOfChannel,
  PRIORITIES,
  toDoIdOf,
} from '../vocabulary/interactions.ts';

/** Until November 2026: next steps without an id, and no place. */
const InteractionRecordedV1 = defineEvent('crm.interactions.InteractionRecorded', 1, 'interaction', {
  customerId: Id(),
  interactionId: Id(),
  channel: Type.Enum([...INTERACTION_CHANNELS]),
  direction: Type.Enum(['outbound', 'inbound']),
  purpose: Type.Enum([...INTERACTION_PURPOSES]),
  startedAt: InstantText(),
  endedAt: InstantText(),
  /** Contacts of the customer who took part. */
  participants: Type.Array(Id(), { maxItems: 100 }),
  /** Who made it, where that is not the actor: an opaque id (R-040, imports). */
  madeBy: Type.Optional(StaffIdText()),
  madeByName: Type.Optional(freeText(Line(100))),
  content: freeText(Line(10_000)),
  feedback: Type.Optional(freeText(Line(10_000))),
  nextSteps: Type.Array(
    Type.Object(
      {
        text: freeText(Line(1_000)),
        owner: StaffIdText(),
        dueOn: PlainDateText(),
        priority: Type.Enum([...PRIORITIES]),
      },
      { additionalProperties: false },
    ),
    { maxItems: 50 },
  ),
  /** Recorded later than the policy allows after its end. */
  late: Type.Boolean(),
  /** Wall-clock milliseconds from its end to its recording. */
  recordedAfterMs: Type.Integer({ minimum: 0 }),
  /** the score given in a return visit, 1 to 5. */
  satisfaction: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
});

/** */
export const InteractionRecorded = nextVersion(
  InteractionRecordedV1,
  {
    customerId: Id(),
    interactionId: Id(),
    channel: Type.Enum([...INTERACTION_CHANNELS]),
    direction: Type.Enum(['outbound', 'inbound']),
    purpose: Type.Enum([...INTERACTION_PURPOSES]),
    /** Where we met: an on-site visit is one at the customer's. */
    place: Type.Enum([...INTERACTION_PLACES]),
    startedAt: InstantText(),
    endedAt: InstantText(),
    /** Contacts of the customer who took part. */
    participants: Type.Array(Id(), { maxItems: 100 }),
    /** Who made it, where that is not the actor: an opaque id (R-040, imports). */
    madeBy: Type.Optional(StaffIdText()),
    madeByName: Type.Optional(freeText(Line(100))),
    content: freeText(Line(10_000)),
    feedback: Type.Optional(freeText(Line(10_000))),
    /** next steps, each with an id to be done or put off by. */
    toDos: Type.Array(
      Type.Object(
        {
          toDoId: Id(),
          text: freeText(Line(1_000)),
          owner: StaffIdText(),
          dueOn: PlainDateText(),
          priority: Type.Enum([...PRIORITIES]),
        },
        { additionalProperties: false },
      ),
      { maxItems: 50 },
    ),
    /** Recorded later than the policy allows after its end. */
    late: Type.Boolean(),
    /** Wall-clock milliseconds from its end to its recording. */
    recordedAfterMs: Type.Integer({ minimum: 0 }),
    /** the score given in a return visit, 1 to 5. */
    satisfaction: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
  },
  {
    upcast: ({ nextSteps, ...said }) => ({
      ...said,
      place: placeOfChannel(said.channel),
      toDos: nextSteps.map((step, n) => ({ toDoId: toDoIdOf(said.interactionId, n), ...step })),
    }),
    downcast: ({ place: _place, toDos, ...said }) => ({
      ...said,
      nextSteps: toDos.map(({ toDoId: _id, ...step }) => step),
    }),
  },
);
