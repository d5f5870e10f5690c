import { civilOf } from '@rapport/calendar';
import {
  derivedId,
  event,
  profileEvents,
  streamName,
  type RecordPurchase,
  type VoidPurchase,
} from '@rapport/contracts';
import {
  notErased,
  occurredOn,
  standsSince,
  type CompanionWrite,
  type DecidedEvent,
  type Decider,
  type Decision,
  type DecisionContext,
} from '@rapport/event-sourcing';
import { notFound, Problem } from '@rapport/platform';
import { requirePastDay } from '../businessDays.ts';
import type { Customer } from '../customer/customerState.ts';
import { isNegative, valuedAmount } from './valuedAmount.ts';
import { evolvePurchases, NO_PURCHASES, type Purchases } from './purchasesState.ts';

/** The customer as its stream said at a revision. */
export interface CustomerAt {
  readonly state: Customer;
  readonly revision: number;
}

/** A customer's purchases of one year as their stream said at a revision. */
export interface YearAt {
  readonly stream: string;
  readonly state: Purchases;
  readonly revision: number;
}

export type PurchasesCommand =
  | {
      readonly do: 'record';
      readonly input: RecordPurchase;
      readonly customer: CustomerAt;
      /** The customer's purchases of all other years in which there are any. */
      readonly others: readonly YearAt[];
    }
  | {
      readonly do: 'void';
      readonly purchaseId: string;
      readonly input: VoidPurchase;
      readonly customer: CustomerAt;
    };

/** Id of what `RecordPurchase` records. */
export function recordedPurchaseId(commandId: string): string {
  return derivedId(commandId, 'purchase');
}

/** Purchases and refunds of one customer in one year. */
export const purchasesDecider: Decider<Purchases, PurchasesCommand> = {
  initial: NO_PURCHASES,
  evolve: evolvePurchases,

  decide(command, purchases, context) {
    if (!command.customer.state.registered) throw notFound('customer');
    return command.do === 'record' ? record(command, purchases, context) : voidOne(command, purchases);
  },
};

function record(
  { input, customer, others }: Extract<PurchasesCommand, { do: 'record' }>,
  { byId }: Purchases,
  { now, commandId }: DecisionContext,
): Decision {
  const purchaseId = recordedPurchaseId(commandId);
  const there = byId.get(purchaseId);
  if (there !== undefined) return standsSince(there.since);
  if (others.some(({ state }) => state.byId.has(purchaseId))) throw recordedWithAnotherYear();
  const { purchasedOn, product } = input;
  requirePastDay('purchasedOn', purchasedOn, now);
  const amount = valuedAmount(input);
  const { customerId } = customer.state;
  const data = { customerId, purchaseId, purchasedOn, product, amount };
  const recorded = isNegative(amount)
    ? event(profileEvents.RefundRecorded, data)
    : event(profileEvents.PurchaseRecorded, data);
  return together(
    [{ ...recorded, ...occurredOn('purchasedOn', purchasedOn, now) }],
    [
      yearOf(customer, civilOf(purchasedOn).year),
      ...others.map(({ stream, revision }) => unchanged(stream, revision)),
      ...unlessErased(customer.state),
    ],
  );
}

// Streams are by year, so a command repeated with a date of another year meets another stream, which has never
// heard of it: the purchase would be there twice. The other years are checked in the same append, because the other
// one may be on its way in this moment.
function recordedWithAnotherYear(): Problem {
  return new Problem({
    kind: 'idempotency-key-reused',
    detail:
      'This purchase was recorded before with a date of another year. Void that one and record it anew.',
    errors: [{ field: 'purchasedOn', message: 'is not the year that was recorded before' }],
  });
}

/** it never counted. Voiding it twice changes nothing. */
function voidOne(
  { purchaseId, input, customer }: Extract<PurchasesCommand, { do: 'void' }>,
  { byId }: Purchases,
): Decision {
  const there = byId.get(purchaseId);
  if (there === undefined) throw notFound('purchase');
  if (there.voided) return { events: [] };
  const { customerId } = customer.state;
  const voided = event(profileEvents.PurchaseVoided, { customerId, purchaseId, reason: input.reason });
  return together([voided], unlessErased(customer.state));
}

/** The customer's stream says for which years there are purchases; written with the year's first one. */
function yearOf({ state, revision }: CustomerAt, year: number): CompanionWrite {
  const { customerId, years } = state;
  const stream = streamName('customer', customerId);
  if (years.has(year)) return unchanged(stream, revision);
  return {
    stream,
    expectedRevision: revision,
    events: [event(profileEvents.PurchaseYearOpened, { customerId, year })],
  };
}

/** No refusal: when the stream moved on, it is decided again on what it says now. */
function unchanged(stream: string, revision: number): CompanionWrite {
  return { stream, expectedRevision: revision, events: [] };
}

function unlessErased(customer: Customer): CompanionWrite[] {
  return customer.kind === 'individual' ? [notErased(customer.customerId)] : [];
}

function together(events: readonly DecidedEvent[], companions: readonly CompanionWrite[]): Decision {
  return companions.length === 0 ? { events } : { events, companions };
}
