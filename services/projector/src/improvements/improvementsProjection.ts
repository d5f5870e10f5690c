import { satisfactionEvents } from '@rapport/contracts';
import { carry } from '@rapport/privacy';
import type { Projection } from '@rapport/views';
import { dataOf } from '../dataOf.ts';

export interface ImprovementDocument {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly state: string;
  readonly createdAt: string;
  readonly revision: number;
}

const { FeedbackReceived, ImprovementPlanned, ImprovementChecked } = satisfactionEvents;

/** The improvement board. */
export const improvementsProjection: Projection<ImprovementDocument> = {
  name: 'improvements',
  version: 1,
  indexes: [{ fields: ['createdAt'] }, { fields: ['state', 'createdAt'] }],
  types: [FeedbackReceived.type, ImprovementPlanned.type, ImprovementChecked.type],
  keys: (event) => [(event.data as { improvementId: string }).improvementId],
  fold(board, event) {
    const { improvementId: id } = event.data as { improvementId: string };
    const before = board ?? { id, state: 'feedback', createdAt: event.occurredAt, revision: -1 };
    return { ...before, ...news(event), revision: event.revision };
  },
};

function news(event: Parameters<typeof dataOf>[1]): Readonly<Record<string, unknown>> {
  switch (event.type) {
    case FeedbackReceived.type: {
      const { customerId, receivedOn, serviceLink } = dataOf(FeedbackReceived, event);
      return { customerId, receivedOn, serviceLink, problem: carry(event, 'problem') };
    }
    case ImprovementPlanned.type: {
      const { improvementId: _id, customerId: _customer, ...plan } = dataOf(ImprovementPlanned, event);
      return plan;
    }
    default:
      return {
        state: 'checked',
        effect: dataOf(ImprovementChecked, event).effect,
        checkedAt: event.occurredAt,
      };
  }
}
