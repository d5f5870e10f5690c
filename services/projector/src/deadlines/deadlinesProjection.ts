import { profileEvents } from '@rapport/contracts';
import type { Projection } from '@rapport/views';
import { dataOf } from '../dataOf.ts';

export interface DeadlineDocument {
  readonly [field: string]: unknown;
  readonly deadlineId: string;
  readonly customerId: string;
  readonly generation: number;
  readonly due: string;
  readonly clause: string;
}

/** Recorded dues: what timers ask for (contract.md, «Time and effects»). A later generation replaces an earlier. */
export const deadlinesProjection: Projection<DeadlineDocument> = {
  name: 'deadlines',
  version: 1,
  indexes: [{ fields: ['due'] }, { fields: ['customerId', 'due'] }],
  types: [profileEvents.StandingReviewScheduled.type],
  starts: [profileEvents.StandingReviewScheduled.type],
  keys: (event) => [dataOf(profileEvents.StandingReviewScheduled, event).deadlineId],
  fold: (_deadline, event) => ({ ...dataOf(profileEvents.StandingReviewScheduled, event) }),
};
