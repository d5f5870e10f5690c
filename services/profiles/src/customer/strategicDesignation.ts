import { dateOf } from '@rapport/calendar';
import { derivedId, event, profileEvents, type RequestStrategicDesignation } from '@rapport/contracts';
import { standsSince, type DecidedEvent, type Decision, type DecisionContext } from '@rapport/event-sourcing';
import { invalidInput, notFound, Problem, ruleViolated } from '@rapport/platform';
import type { Customer, Designation } from './customerState.ts';

/** Id of the designation that `RequestStrategicDesignation` asks for. */
export function requestedDesignationId(commandId: string): string {
  return derivedId(commandId, 'designation');
}

/** asks for a designation; it counts only once a manager has approved it. */
export function requestDesignation(
  { ground, validUntil }: RequestStrategicDesignation,
  customer: Customer,
  { commandId, now }: DecisionContext,
): Decision {
  const designationId = requestedDesignationId(commandId);
  const there = customer.designations.get(designationId);
  if (there !== undefined) return standsSince(there.since);
  const today = dateOf(now);
  if (validUntil <= today) throw invalidInput('validUntil', 'must be a day after today: it is exclusive');
  if (
    [...customer.designations.values()].some(
      (other) => other.state === 'requested' && other.validUntil > today,
    )
  ) {
    throw ruleViolated(
      'R-020',
      'A request for this customer is waiting for approval. Have that one decided first.',
    );
  }
  const { customerId } = customer;
  const data = { customerId, designationId, ground, validUntil };
  return { events: [event(profileEvents.StrategicDesignationRequested, data)] };
}

/** by a manager, who is not the one who asked. */
export function approveDesignation(
  designationId: string,
  customer: Customer,
  context: DecisionContext,
): readonly DecidedEvent[] {
  const designation = decidedByManager(designationId, customer, context);
  const { requestedBy, state, validUntil } = designation;
  if (state === 'approved') return [];
  if (state === 'ended') throw ruleViolated('R-020', 'The designation was ended. Request a new one.');
  if (context.actor.id === requestedBy) {
    throw ruleViolated(
      'R-020',
      'Who requested a designation cannot approve it. Have another manager decide.',
    );
  }
  if (validUntil <= dateOf(context.now)) {
    throw ruleViolated('R-020', 'The requested time is over. Request a new designation.');
  }
  const { customerId } = customer;
  return [event(profileEvents.StrategicDesignationApproved, { customerId, designationId, validUntil })];
}

/** ends an approved designation before its expiry, or turns a request down. */
export function endDesignation(
  designationId: string,
  customer: Customer,
  context: DecisionContext,
): readonly DecidedEvent[] {
  const { state, validUntil } = decidedByManager(designationId, customer, context);
  if (state === 'ended' || validUntil <= dateOf(context.now)) return [];
  return [event(profileEvents.StrategicDesignationEnded, { customerId: customer.customerId, designationId })];
}

function decidedByManager(
  designationId: string,
  customer: Customer,
  { actor }: DecisionContext,
): Designation {
  const designation = customer.designations.get(designationId);
  if (designation === undefined) throw notFound('designation');
  if (!actor.roles.includes('manager')) {
    throw new Problem({
      kind: 'forbidden',
      rule: 'R-020',
      detail: 'Only a manager decides on strategic designations.',
    });
  }
  return designation;
}
