import {
  event,
  interactionEvents,
  normaliseInstant,
  placeOfChannel,
  toDoIdOf,
  type PolicyVersion,
  type RecordingPolicy,
  type RecordInteraction,
} from '@rapport/contracts';
import { aboutPersons, type Decider } from '@rapport/event-sourcing';
import { invalidInput, ruleViolated, toMillis } from '@rapport/platform';

export interface Interaction {
  readonly recorded: boolean;
}

export interface InteractionCommand {
  readonly interactionId: string;
  readonly customerId: string;
  readonly input: RecordInteraction;
  /** In force when the interaction ended: then its time to be recorded began. */
  readonly policy: PolicyVersion<RecordingPolicy>;
  /** Whom it names: the customer, where that is an individual, and the participants. */
  readonly persons: readonly string[];
}

const HOUR_MS = 3_600_000;

/** One interaction with a customer (互动), recorded once after its end. */
export const interactionDecider: Decider<Interaction, InteractionCommand> = {
  initial: { recorded: false },

  decide({ interactionId, customerId, input, policy, persons }, { recorded }, { now, origin }) {
    if (recorded) throw ruleViolated('R-040', 'This interaction is recorded already.');
    const startedAt = normaliseInstant(input.startedAt);
    const endedAt = normaliseInstant(input.endedAt);
    const recordedAfterMs = now - toMillis(endedAt);
    if (toMillis(endedAt) < toMillis(startedAt))
      throw invalidInput('endedAt', 'must not be before startedAt');
    if (recordedAfterMs < 0) {
      throw invalidInput(
        'endedAt',
        'must not be in the future: an interaction is recorded after its end (R-040)',
      );
    }
    if (input.satisfaction !== undefined && input.purpose !== 'return-visit') {
      throw invalidInput(
        'satisfaction',
        'is given in a return visit (R-043): set purpose to return-visit, or leave it out',
      );
    }
    // When imported history was first recorded, in the system that it comes from, is not known: nobody is
    // blamed for it, and no policy is used. recordedAfterMs is then the time until it came here.
    const judged = origin !== 'import';
    return aboutPersons(persons, [
      {
        ...event(interactionEvents.InteractionRecorded, {
          customerId,
          interactionId,
          channel: input.channel,
          direction: input.direction ?? 'outbound',
          purpose: input.purpose,
          place: input.place ?? placeOfChannel(input.channel),
          startedAt,
          endedAt,
          participants: [...new Set(input.participants)],
          ...(input.madeBy !== undefined && { madeBy: input.madeBy }),
          ...(input.madeByName !== undefined && { madeByName: input.madeByName }),
          content: input.content,
          ...(input.feedback !== undefined && { feedback: input.feedback }),
          toDos: (input.nextSteps ?? []).map(({ text, owner, dueOn, priority }, n) => ({
            toDoId: toDoIdOf(interactionId, n),
            text,
            owner,
            dueOn,
            priority,
          })),
          late: judged && recordedAfterMs > policy.value.interactionHours * HOUR_MS,
          recordedAfterMs,
          ...(input.satisfaction !== undefined && { satisfaction: input.satisfaction }),
        }),
        occurredAt: endedAt,
        ...(judged && { policies: { [policy.name]: policy.version } }),
      },
    ]);
  },

  evolve: () => ({ recorded: true }),
};
