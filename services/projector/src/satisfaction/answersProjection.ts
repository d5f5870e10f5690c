import { SATISFACTION_DIMENSIONS, satisfactionEvents } from '@rapport/contracts';
import { carry } from '@rapport/privacy';
import type { Projection } from '@rapport/views';
import { dataOf } from '../dataOf.ts';

export interface AnswerDocument {
  readonly [field: string]: unknown;
  readonly answerId: string;
  readonly customerId: string;
  readonly kind: string;
  readonly period: string;
  readonly answeredOn: string;
  readonly tier: string;
  readonly scores: Readonly<Record<string, number | undefined>>;
}

/** What means are asked of: twelve groups a quarter. */
export const ANSWERS_BY_GROUP = {
  by: ['period', 'tier', 'kind'],
  sum: [...SATISFACTION_DIMENSIONS.map((dimension) => `scores.${dimension}`), 'nps'],
} as const;

/** The satisfaction view: one document an answer. */
export const answersProjection: Projection<AnswerDocument> = {
  name: 'satisfaction',
  version: 2,
  counts: [ANSWERS_BY_GROUP],
  indexes: [
    // Read where they are counted anew.
    { fields: [...ANSWERS_BY_GROUP.by, ...ANSWERS_BY_GROUP.sum] },
    { fields: ['customerId', 'answeredOn'] },
  ],
  types: [satisfactionEvents.SurveyAnswered.type],
  starts: [satisfactionEvents.SurveyAnswered.type],
  keys: (event) => [dataOf(satisfactionEvents.SurveyAnswered, event).answerId],
  fold(_answer, event) {
    const { comment, tier, ...answer } = dataOf(satisfactionEvents.SurveyAnswered, event);
    return {
      ...answer,
      tier: tier.value,
      ...(comment !== undefined && { comment: carry(event, 'comment') }),
      index: event.index,
    };
  },
};
