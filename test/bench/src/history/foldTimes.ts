import { dayNumberOf } from '@rapport/calendar';
import { defaultVersion, RFM, TIERING, type CurrentEvent } from '@rapport/contracts';
import { asRecorded, emptyFold, foldEvents } from '@rapport/event-sourcing';
import { toMillis } from '@rapport/platform';
import { KnownChanges, purchasesDecider, standingWalk, type StandingChange } from '@rapport/service-profiles';
import { longCustomer } from './longCustomer.ts';

export interface FoldTimes {
  /** CPU milliseconds to fold a customer's purchases into what commands decide on. */
  readonly purchasesMs: number;
  /** The same for what standings are judged by, and to judge every change since the first of them. */
  readonly standingMs: number;
}

/** CPU time that it takes to fold so many purchases of one customer, in this process. */
export function foldTimes(purchases: number, until: number): FoldTimes {
  const events = [...longCustomer(purchases, until)].map(({ event: told, occurredAt }, index) => ({
    ...asRecorded(told, index),
    recordedAt: occurredAt,
  }));
  const ofYear = events
    .filter(({ type }) => type.endsWith('PurchaseRecorded'))
    .map((event, revision) => ({ ...event, revision }));
  const changes = ofYear.map(changeOf);
  const policies = { tiering: [defaultVersion(TIERING)], rfm: [defaultVersion(RFM)] };
  const nothing = { tier: 'prospect', segment: 'none', knownIndex: -1, changedAt: -Infinity } as const;
  return {
    purchasesMs: cpu(() => foldEvents(purchasesDecider, emptyFold(purchasesDecider), ofYear)),
    standingMs: cpu(() => standingWalk(KnownChanges.of(changes), policies, nothing, until)),
  };
}

function changeOf({ index, recordedAt, data }: CurrentEvent): StandingChange {
  const { purchaseId, purchasedOn, amount } = data as {
    purchaseId: string;
    purchasedOn: string;
    amount: { cny: string };
  };
  const amountFen = Number(amount.cny) * 100;
  return {
    index: index!,
    recordedAt: toMillis(recordedAt),
    imported: false,
    kind: 'purchase',
    purchaseId,
    day: dayNumberOf(purchasedOn),
    amountFen,
  };
}

function cpu(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
