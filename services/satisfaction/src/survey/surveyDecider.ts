import { quarterOf } from '@rapport/calendar';
import {
  event,
  satisfactionEvents,
  type AnswerSurvey,
  type PolicyVersion,
  type SatisfactionDimension,
  type SatisfactionPolicy,
} from '@rapport/contracts';
import { aboutPersons, occurredOn, type Decider, type UsedTier } from '@rapport/event-sourcing';
import { invalidInput, ruleViolated } from '@rapport/platform';

export interface Survey {
  readonly answered: boolean;
}

export interface SurveyCommand {
  readonly answerId: string;
  readonly input: AnswerSurvey;
  readonly tier: UsedTier;
  /** In force at the answer. */
  readonly policy: PolicyVersion<SatisfactionPolicy>;
  /** Whom it names: the customer, where that is an individual, and the contact. */
  readonly persons: readonly string[];
}

/** One answered questionnaire; its period is the calendar quarter of the answer. */
export const surveyDecider: Decider<Survey, SurveyCommand> = {
  initial: { answered: false },

  decide({ answerId, input, tier, policy, persons }, { answered }, { now }) {
    if (answered) throw ruleViolated('R-090', 'This questionnaire is answered already.');
    const occurred = occurredOn('answeredOn', input.answeredOn, now);
    const { year, quarter } = quarterOf(input.answeredOn);
    return aboutPersons(persons, [
      {
        ...event(satisfactionEvents.SurveyAnswered, {
          customerId: input.customerId,
          answerId,
          ...(input.contactId !== undefined && { contactId: input.contactId }),
          kind: input.kind ?? 'relationship',
          answeredOn: input.answeredOn,
          period: `${String(year).padStart(4, '0')}-Q${quarter}`,
          scores: scores(input, policy.value),
          ...(input.nps !== undefined && { nps: recommendation(input.nps, policy.value) }),
          ...(input.comment !== undefined && { comment: input.comment }),
          tier,
        }),
        ...occurred,
        policies: { [policy.name]: policy.version },
      },
    ]);
  },

  evolve: () => ({ answered: true }),
};

/** at least one dimension, each that is asked for, each on the scale. */
function scores(
  { scores: given }: AnswerSurvey,
  { dimensions, scale }: SatisfactionPolicy,
): Partial<Record<SatisfactionDimension, number>> {
  const answered = Object.entries(given).filter(([, score]) => score !== undefined) as [
    SatisfactionDimension,
    number,
  ][];
  if (answered.length === 0) throw invalidInput('scores', 'must hold at least one dimension (R-090)');
  for (const [name, score] of answered) {
    if (!dimensions.some((dimension) => dimension.name === name)) {
      throw invalidInput(`scores.${name}`, 'is not asked for: leave it out');
    }
    inRange(`scores.${name}`, score, scale);
  }
  return Object.fromEntries(answered);
}

function recommendation(nps: number, policy: SatisfactionPolicy): number {
  inRange('nps', nps, policy.nps);
  return nps;
}

function inRange(field: string, score: number, { min, max }: { min: number; max: number }): void {
  if (score < min || score > max) throw invalidInput(field, `must be a whole number from ${min} to ${max}`);
}
