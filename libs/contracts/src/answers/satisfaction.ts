import Type from 'typebox';
import {
  IMPROVEMENT_BOARD_STATES,
  SATISFACTION_DIMENSIONS,
  SURVEY_KINDS,
} from '../vocabulary/satisfaction.ts';
import { TIERS } from '../vocabulary/profiles.ts';
import { GuardedText } from './guarded.ts';
import { Count, Day, Id, Index, Instant, ListOfShape, Nullable, Revision, shape, Words } from './shapes.ts';

const Score = () => Type.Integer({ minimum: 1, maximum: 5 });

/** */
export const SurveyAnswer = shape('SurveyAnswer', {
  answerId: Id(),
  customerId: Id(),
  contactId: Type.Optional(Id()),
  kind: Words(SURVEY_KINDS),
  answeredOn: Day(),
  period: Type.String({ pattern: '^\\d{4}-Q[1-4]$' }),
  scores: shape('DimensionScores', {
    productQuality: Type.Optional(Score()),
    responseSpeed: Type.Optional(Score()),
    afterSalesSupport: Type.Optional(Score()),
    personalisedExperience: Type.Optional(Score()),
  }),
  nps: Type.Optional(Type.Integer({ minimum: 0, maximum: 10 })),
  comment: Type.Optional(GuardedText()),
  tier: Words(TIERS),
  index: Index(),
});

export const SurveyAnswerList = ListOfShape('SurveyAnswerList', SurveyAnswer);

/** mean of the answers, null where there is none, and how many there are. */
const DimensionMean = shape('DimensionMean', { mean: Nullable(Type.Number()), n: Count() });

export const SatisfactionSummary = shape('SatisfactionSummary', {
  dimensions: shape('DimensionMeans', {
    productQuality: DimensionMean,
    responseSpeed: DimensionMean,
    afterSalesSupport: DimensionMean,
    personalisedExperience: DimensionMean,
  }),
  weakest: Nullable(Words(SATISFACTION_DIMENSIONS)),
  answers: Count(),
});

/** Feedback, and the improvement that answers it. */
export const Improvement = shape('Improvement', {
  id: Id(),
  customerId: Type.Optional(Id()),
  state: Words(IMPROVEMENT_BOARD_STATES),
  createdAt: Instant(),
  receivedOn: Type.Optional(Day()),
  serviceLink: Type.Optional(Type.String()),
  problem: Type.Optional(GuardedText()),
  measure: Type.Optional(Type.String()),
  owner: Type.Optional(Type.String()),
  dueOn: Type.Optional(Day()),
  resources: Type.Optional(Type.String()),
  expectedEffect: Type.Optional(Type.String()),
  missing: Type.Optional(Type.Array(Words(['owner', 'dueOn', 'resources', 'expectedEffect']))),
  effect: Type.Optional(Type.String()),
  checkedAt: Type.Optional(Instant()),
  revision: Revision(),
});

export const ImprovementList = ListOfShape('ImprovementList', Improvement);
