import { satisfactionEvents } from '@rapport/contracts';
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

/** The satisfaction view: one document an answer; means are asked of them. */
export const answersProjection: Projection<AnswerDocument> = {
  name: 'satisfaction',
  version: 1,
  indexes: [
    { fields: ['period', 'tier', 'kind'] },
    { fields: ['tier'] },
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
