import Type from 'typebox';
import { defineEvent } from '../schema/eventDefinition.ts';
import { freeText } from '../schema/fieldClass.ts';
import { Id, Line, PlainDateText, Used } from '../schema/types.ts';
import { TIERS } from '../vocabulary/profiles.ts';
import { IMPROVEMENT_STATES, SURVEY_KINDS } from '../vocabulary/satisfaction.ts';

const Score = () => Type.Optional(Type.Integer({ minimum: 1, maximum: 5 }));

/** */
export const SurveyAnswered = defineEvent('crm.satisfaction.SurveyAnswered', 1, 'survey', {
  customerId: Id(),
  answerId: Id(),
  contactId: Type.Optional(Id()),
  kind: Type.Enum([...SURVEY_KINDS]),
  answeredOn: PlainDateText(),
  /** Calendar quarter of the answer, `2026-Q4`. */
  period: Type.String({ pattern: '^\\d{4}-Q[1-4]$' }),
  scores: Type.Object(
    {
      productQuality: Score(),
      responseSpeed: Score(),
      afterSalesSupport: Score(),
      personalisedExperience: Score(),
    },
    { additionalProperties: false, minProperties: 1 },
  ),
  nps: Type.Optional(Type.Integer({ minimum: 0, maximum: 10 })),
  comment: Type.Optional(freeText(Line(10_000))),
  /** The customer's tier at the answer, and the event that it came from. */
  tier: Used(TIERS),
});

/** Feedback that an improvement answers (003); the customer's words. */
export const FeedbackReceived = defineEvent('crm.satisfaction.FeedbackReceived', 1, 'improvement', {
  customerId: Id(),
  improvementId: Id(),
  receivedOn: PlainDateText(),
  problem: freeText(Line(10_000)),
  /** Which link of the service it concerns. */
  serviceLink: Line(200),
});

/** the plan of a PDCA round; incomplete ones are drafts. */
export const ImprovementPlanned = defineEvent('crm.satisfaction.ImprovementPlanned', 1, 'improvement', {
  /** Whose feedback it answers, where it answers one. */
  customerId: Type.Optional(Id()),
  improvementId: Id(),
  state: Type.Enum([...IMPROVEMENT_STATES]),
  measure: Line(1_000),
  /** Role or opaque id of who is responsible. */
  owner: Type.Optional(Line(80)),
  dueOn: Type.Optional(PlainDateText()),
  resources: Type.Optional(Line(1_000)),
  expectedEffect: Type.Optional(Line(1_000)),
  /** What is missing of a complete plan, by field. */
  missing: Type.Array(Type.Enum(['owner', 'dueOn', 'resources', 'expectedEffect'])),
});

/** R-096, check: what was observed. */
export const ImprovementChecked = defineEvent('crm.satisfaction.ImprovementChecked', 1, 'improvement', {
  customerId: Type.Optional(Id()),
  improvementId: Id(),
  effect: Line(1_000),
});
