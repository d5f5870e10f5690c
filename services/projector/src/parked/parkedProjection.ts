import {
  DEADLINE_TYPES,
  deadlinesOwner,
  dueKey,
  parkedKeyId,
  parkingEvents,
  recordedDeadline,
  type RecordedDeadline,
} from '@rapport/contracts';
import type { Projection } from '@rapport/views';
import { dataOf } from '../dataOf.ts';

export interface ParkedDocument {
  readonly [field: string]: unknown;
  /** As it stands in the name of its stream. */
  readonly id: string;
  readonly owner: string;
  readonly key: string;
  readonly stream: string;
  readonly revision?: number;
  readonly reason: string;
  readonly attempt: number;
  readonly retryAt: string;
  /** When it failed first. */
  readonly since: string;
}

const { KeyParked, KeyRetryRequested, KeyUnparked } = parkingEvents;

/** Keys of reactions and dues that could not go on, for operators and for what tries them again. */
export const parkedProjection: Projection<ParkedDocument> = {
  name: 'parked',
  version: 1,
  counts: [{ by: ['owner'] }],
  indexes: [
    { fields: ['owner', 'retryAt'] },
    { fields: ['owner', 'reason', 'retryAt'] },
    { fields: ['retryAt'] },
  ],
  types: [KeyParked.type, KeyRetryRequested.type, KeyUnparked.type, ...DEADLINE_TYPES],
  keys(event) {
    const told = recordedDeadline(event);
    if (told === undefined) {
      const { owner, key } = dataOf(KeyUnparked, event);
      return [parkedKeyId(owner, key)];
    }
    const generation = endedGeneration(told);
    return generation === 0
      ? []
      : [parkedKeyId(deadlinesOwner(event.via), dueKey(told.deadline.deadlineId, generation))];
  },
  fold(document, event, id) {
    switch (event.type) {
      case KeyParked.type: {
        const parked = dataOf(KeyParked, event);
        return { id, ...parked, since: document?.since ?? event.recordedAt };
      }
      case KeyRetryRequested.type:
        return document && { ...document, retryAt: dataOf(KeyRetryRequested, event).retryAt };
      default:
        // Unparked, or a due that its deadline's own event ended.
        return document === undefined ? undefined : null;
    }
  },
};

/** Which schedule the event ended: that of a new one is the one before; 0 for none. */
function endedGeneration({ became, deadline }: RecordedDeadline): number {
  return became === 'scheduled' ? deadline.generation - 1 : deadline.generation;
}
