import { CalendarDate, OneOf, Text, Uuid, WholeNumber } from '../fields/fields.ts';
import { Nested } from '../fields/objects.ts';
import { SURVEY_KINDS } from '../vocabulary/satisfaction.ts';

/** each dimension 1 to 5; at least one is answered. */
export class SurveyScores {
  @WholeNumber({ min: 1, max: 5, optional: true })
  productQuality?: number;

  @WholeNumber({ min: 1, max: 5, optional: true })
  responseSpeed?: number;

  @WholeNumber({ min: 1, max: 5, optional: true })
  afterSalesSupport?: number;

  @WholeNumber({ min: 1, max: 5, optional: true })
  personalisedExperience?: number;
}

/** */
export class AnswerSurvey {
  @Uuid()
  customerId!: string;

  @Uuid({ optional: true })
  contactId?: string;

  @OneOf(SURVEY_KINDS, { optional: true, description: 'Default relationship' })
  kind?: (typeof SURVEY_KINDS)[number];

  @CalendarDate()
  answeredOn!: string;

  @Nested(() => SurveyScores)
  scores!: SurveyScores;

  @WholeNumber({ min: 0, max: 10, optional: true })
  nps?: number;

  @Text({ max: 10_000, multiline: true, optional: true })
  comment?: string;
}

/** 003: feedback and the improvement that answers it. */
export class ReceiveFeedback {
  @Uuid()
  customerId!: string;

  @CalendarDate()
  receivedOn!: string;

  @Text({ max: 10_000, multiline: true })
  problem!: string;

  @Text({ max: 200 })
  serviceLink!: string;

  @Text({ max: 1_000 })
  measure!: string;

  @Text({ max: 80, optional: true, description: 'Role (客户经理) or opaque id; stored in clear: no name' })
  owner?: string;

  @CalendarDate({ optional: true })
  dueOn?: string;

  @Text({ max: 1_000, optional: true, description: 'What was observed afterwards' })
  effect?: string;
}

/** R-096; incomplete plans are drafts. */
export class PlanImprovement {
  @Text({ max: 1_000 })
  measure!: string;

  @Text({ max: 80, optional: true, description: 'Role (客户经理) or opaque id; stored in clear: no name' })
  owner?: string;

  @CalendarDate({ optional: true })
  dueOn?: string;

  @Text({ max: 1_000, optional: true })
  resources?: string;

  @Text({ max: 1_000, optional: true })
  expectedEffect?: string;
}
