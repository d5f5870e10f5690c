import {
  categoryOf,
  profileEvents,
  type CurrentEvent,
  type DataOf,
  type ReadEvent,
} from '@rapport/contracts';
import { FollowedStreams, type CompanionWrite, type Ledger, type LostStream } from '@rapport/event-sourcing';
import { toMillis, type CacheBudget } from '@rapport/platform';
import { purchasesStream } from '../purchases/purchasesState.ts';
import type { Fen } from '../standing/fen.ts';
import { customerStream } from '../profilesHandlers.ts';
import { openAmount, type AmountOpener } from './amountOpener.ts';
import type { StandingChange } from './standingChange.ts';

/** Everything recorded about a customer that its standing follows from, and where it was read. */
export interface CustomerKnowledge {
  /** In order of index. */
  readonly changes: readonly StandingChange[];
  readonly checks: readonly CompanionWrite[];
}

const log = {
  initial: [] as readonly CurrentEvent[],
  evolve: (events: readonly CurrentEvent[], event: CurrentEvent): readonly CurrentEvent[] => [
    ...events,
    event,
  ],
};

/** What reviews know of customers and purchases: folded streams, kept up to date from the log, amounts opened. */
export class StandingKnowledge {
  /** Whose events it must see. */
  static readonly categories = ['customer', 'purchases'] as const;
  private readonly customers: FollowedStreams<readonly CurrentEvent[]>;
  private readonly purchases: FollowedStreams<readonly CurrentEvent[]>;
  // Opened once for as long as the folded stream is kept.
  private readonly opened = new WeakMap<CurrentEvent, Fen>();

  /** @param lost told of customers whose events could not be folded */
  constructor(
    ledger: Ledger,
    private readonly opener: AmountOpener,
    caches: CacheBudget,
    private readonly lost: (streams: readonly LostStream[]) => void,
  ) {
    this.customers = new FollowedStreams(ledger, log, caches);
    this.purchases = new FollowedStreams(ledger, log, caches);
  }

  /** For a LogFollower. */
  readonly observe = (events: readonly ReadEvent[]): void => {
    const of = (category: string) => events.filter(({ stream }) => categoryOf(stream) === category);
    this.lost([...this.customers.observe(of('customer')), ...this.purchases.observe(of('purchases'))]);
  };

  /** As far as this process knows; a decision on it is checked when it is recorded. */
  known(customerId: string): Promise<CustomerKnowledge> {
    return this.read(customerId, 'get');
  }

  /** As stored. */
  stored(customerId: string): Promise<CustomerKnowledge> {
    return this.read(customerId, 'refresh');
  }

  private async read(customerId: string, how: 'get' | 'refresh'): Promise<CustomerKnowledge> {
    const stream = customerStream(customerId);
    const customer = await this.customers[how](stream);
    const checks = [check(stream, customer.revision)];
    const events = [...customer.state];
    const years = customer.state.flatMap(({ type, data }) =>
      type === profileEvents.PurchaseYearOpened.type ? [(data as { year: number }).year] : [],
    );
    for (const year of years) {
      const ofYear = purchasesStream(customerId, year);
      const { state, revision } = await this.purchases[how](ofYear);
      checks.push(check(ofYear, revision));
      events.push(...state);
    }
    events.sort((x, y) => x.index! - y.index!);
    const changes: StandingChange[] = [];
    for (const event of events) {
      const what = await this.changeOf(event);
      if (what === undefined) continue;
      const { index, recordedAt, origin } = event;
      changes.push({ index: index!, recordedAt: toMillis(recordedAt), imported: origin === 'import', what });
    }
    return { changes, checks };
  }

  private async changeOf(event: CurrentEvent): Promise<StandingChange['what'] | undefined> {
    const { type, data, recordedAt } = event;
    switch (type) {
      case profileEvents.CustomerRegistered.type: {
        const { firstCooperationOn, industry } = data as DataOf<typeof profileEvents.CustomerRegistered>;
        return {
          kind: 'registered',
          ...(firstCooperationOn !== undefined && { firstCooperationOn }),
          ...(industry !== undefined && { industry }),
        };
      }
      case profileEvents.PurchaseRecorded.type:
      case profileEvents.RefundRecorded.type: {
        const { purchaseId, purchasedOn } = data as DataOf<typeof profileEvents.PurchaseRecorded>;
        const amountFen = this.opened.get(event) ?? (await this.open(event));
        return {
          kind: 'purchase',
          purchaseId,
          purchase: { purchasedOn, amountFen, recordedAt: toMillis(recordedAt) },
        };
      }
      case profileEvents.PurchaseVoided.type:
        return {
          kind: 'voided',
          purchaseId: (data as DataOf<typeof profileEvents.PurchaseVoided>).purchaseId,
        };
      case profileEvents.StrategicDesignationApproved.type: {
        const { designationId, validUntil } = data as DataOf<
          typeof profileEvents.StrategicDesignationApproved
        >;
        return { kind: 'flagged', designationId, flag: { approvedAt: toMillis(recordedAt), validUntil } };
      }
      case profileEvents.StrategicDesignationEnded.type: {
        const { designationId } = data as DataOf<typeof profileEvents.StrategicDesignationEnded>;
        return { kind: 'unflagged', designationId };
      }
      default:
        return undefined;
    }
  }

  private async open(event: CurrentEvent): Promise<Fen> {
    const fen = await openAmount(this.opener, event);
    this.opened.set(event, fen);
    return fen;
  }
}

// Without a refusal: where the stream moved on, the review is decided again on what it says now.
function check(stream: string, expectedRevision: number): CompanionWrite {
  return { stream, expectedRevision, events: [] };
}
