import type { StoredEvent } from './storedEvent.ts';

const CREATED: Readonly<Record<string, string>> = {
  CustomerRegistered: 'customerId',
  PurchaseRecorded: 'purchaseId',
  TicketOpened: 'ticketId',
  TicketResponded: 'responseId',
  SurveyAnswered: 'answerId',
  InteractionRecorded: 'interactionId',
};

/** Id of what the event created; undefined for one that creates nothing. */
export function createdId({ type, data }: StoredEvent): unknown {
  const field = CREATED[type.split('.').at(-1)!];
  return field === undefined ? undefined : data[field];
}

/** Whether the event is the one in which the answered command created what its answer names. */
export function creates(event: StoredEvent, { id }: Record<string, unknown>): boolean {
  return id !== undefined && createdId(event) === id;
}
