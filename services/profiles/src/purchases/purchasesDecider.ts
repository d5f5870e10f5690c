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
import { notFound } from '@rapport/platform';
import { requirePastDay } from '../businessDays.ts';
import type { Customer } from '../customer/customerState.ts';
import { isNegative, valuedAmount } from './valuedAmount.ts';
import { evolvePurchases, NO_PURCHASES, type Purchases } from './purchasesState.ts';

/** The customer as its stream said at a revision. */
export interface CustomerAt {
  readonly state: Customer;
  readonly revision: number;
}

/** What a customer's other years say of a purchase. */
export interface PurchaseElsewhere {
  /** The year in which it was recorded. */
  readonly recordedIn?: number;
  readonly voided: boolean;
}

/** Which of a customer's years a command is decided in, and what the others say of it. */
export interface YearOfCommand {
  readonly customer: CustomerAt;
  readonly year: number;
  /** The year that ends when this one is opened, as its stream stood: nothing may enter it meanwhile. */
  readonly ending?: { readonly stream: string; readonly revision: number };
  /** What other years say of the purchase. */
  readonly elsewhere: PurchaseElsewhere;
}

export type PurchasesCommand =
  | (YearOfCommand & { readonly do: 'record'; readonly input: RecordPurchase })
  | (YearOfCommand & { readonly do: 'void'; readonly purchaseId: string; readonly input: VoidPurchase });

/** Id of what `RecordPurchase` records. */
export function recordedPurchaseId(commandId: string): string {
  return derivedId(commandId, 'purchase');
}

/** Purchases, refunds and their corrections, as one customer's were recorded in one year. */
export const purchasesDecider: Decider<Purchases, PurchasesCommand> = {
  initial: NO_PURCHASES,
  evolve: evolvePurchases,

  decide(command, purchases, context) {
    if (!command.customer.state.registered) throw notFound('customer');
    return command.do === 'record' ? record(command, purchases, context) : voidOne(command, purchases);
  },
};

function record(
  command: Extract<PurchasesCommand, { do: 'record' }>,
  { since }: Purchases,
  { now, commandId }: DecisionContext,
): Decision {
  const { input, customer } = command;
  const { purchasedOn, product } = input;
  const purchaseId = recordedPurchaseId(commandId);
  const there = since.get(purchaseId);
  if (there !== undefined) return standsSince(there);
  requirePastDay('purchasedOn', purchasedOn, now);
  const amount = valuedAmount(input);
  const { customerId } = customer.state;
  const data = { customerId, purchaseId, purchasedOn, product, amount };
  const recorded = isNegative(amount)
    ? event(profileEvents.RefundRecorded, data)
    : event(profileEvents.PurchaseRecorded, data);
  return written(command, { ...recorded, ...occurredOn('purchasedOn', purchasedOn, now) });
}

/** it never counted. Voiding it twice changes nothing. */
function voidOne(command: Extract<PurchasesCommand, { do: 'void' }>, { since, voided }: Purchases): Decision {
  const { purchaseId, input, customer, elsewhere } = command;
  if (voided.has(purchaseId) || elsewhere.voided) return { events: [] };
  if (!since.has(purchaseId) && elsewhere.recordedIn === undefined) throw notFound('purchase');
  const { customerId } = customer.state;
  return written(
    command,
    event(profileEvents.PurchaseVoided, { customerId, purchaseId, reason: input.reason }),
  );
}

/** Only while this is the customer's last year, which its stream says, and an individual was not erased. */
function written(
  { customer: { state, revision }, year, ending }: YearOfCommand,
  decided: DecidedEvent,
): Decision {
  const { customerId, kind, years } = state;
  const customer: CompanionWrite = {
    stream: streamName('customer', customerId),
    expectedRevision: revision,
    events: years.has(year) ? [] : [event(profileEvents.PurchaseYearOpened, { customerId, year })],
  };
  return {
    events: [decided],
    companions: [
      customer,
      // No refusal, as above: when a stream moved on, it is decided again on what it says now.
      ...(ending === undefined
        ? []
        : [{ stream: ending.stream, expectedRevision: ending.revision, events: [] }]),
      ...(kind === 'individual' ? [notErased(customerId)] : []),
    ],
  };
}
