import {
  DEADLINE_TYPES,
  deadlineEvents,
  deadlinesOwner,
  dueKey,
  dueOfKey,
  parkingEvents,
  recordedDeadline,
  type RecordedDeadline,
  type RecordedEvent,
} from '@rapport/contracts';
import type { Projection } from '@rapport/views';
import { dataOf } from '../dataOf.ts';

export interface DeadlineDocument {
  readonly [field: string]: unknown;
  readonly deadlineId: string;
  readonly generation: number;
  /** Its name in the decider's table. */
  readonly deadline: string;
  readonly key?: string;
  readonly stream: string;
  /** The service that fires it. */
  readonly context: string;
  readonly due: string;
  /** When it is taken up: its due, or later where it could not fire. */
  readonly fireAt: string;
  readonly clause: string;
  readonly customerId?: string;
}

const { KeyParked, KeyRetryRequested } = parkingEvents;

/**
 * Recorded dues of every context that are neither fired, skipped nor cancelled: what sweepers ask for (contract.md, «Time
 * and effects»). A later generation takes the place of an earlier one.
 */
export const deadlinesProjection: Projection<DeadlineDocument> = {
  name: 'deadlines',
  version: 2,
  indexes: [{ fields: ['context', 'fireAt'] }, { fields: ['customerId', 'due'] }],
  types: [...DEADLINE_TYPES, KeyParked.type, KeyRetryRequested.type],
  starts: [deadlineEvents.DeadlineScheduled.type],
  keys(event) {
    const told = recordedDeadline(event);
    if (told !== undefined) return [told.deadline.deadlineId];
    const { owner, key } = dataOf(KeyRetryRequested, event);
    return owner.startsWith(deadlinesOwner('')) ? [dueOfKey(key).deadlineId] : [];
  },
  fold(document, event) {
    const told = recordedDeadline(event);
    if (told?.became === 'scheduled') return scheduled(told.deadline, event);
    if (document === undefined) return undefined;
    if (told !== undefined) return told.deadline.generation < document.generation ? document : null;
    const { owner, key, retryAt } = dataOf(KeyRetryRequested, event);
    const isIt =
      owner === deadlinesOwner(document.context) && key === dueKey(document.deadlineId, document.generation);
    return isIt ? { ...document, fireAt: retryAt } : document;
  },
};

function scheduled(
  {
    deadlineId,
    generation,
    deadline,
    key,
    due,
    clause,
    customerId,
  }: Extract<RecordedDeadline, { became: 'scheduled' }>['deadline'],
  { stream, via }: RecordedEvent,
): DeadlineDocument {
  return {
    deadlineId,
    generation,
    deadline,
    ...(key !== undefined && { key }),
    stream,
    context: via,
    due,
    fireAt: due,
    clause,
    ...(customerId !== undefined && { customerId }),
  };
}
