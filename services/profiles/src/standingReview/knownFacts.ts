import type { PlainDate } from '@rapport/calendar';
import type { EpochMillis } from '@rapport/platform';
import { Map as PersistentMap } from 'immutable';
import { type CustomerHistory, historyOf } from '../standing/customerHistory.ts';
import type { Spend } from '../standing/spendEntries.ts';
import { SpendLine } from '../standing/spendLine.ts';
import { countsFrom, type StrategicFlag } from '../standing/standingFacts.ts';
import { type FlagPeriod, flagPeriods } from '../standing/strategicFlags.ts';
import type { PurchaseChange, StandingChange } from './standingChange.ts';

type Flags = PersistentMap<string, StrategicFlag>;
type Recorded = PurchaseChange & Pick<StandingChange, 'recordedAt'>;

/**
 * what is known after some changes. A voided purchase is not among the facts: it never counted. Immutable;
 * what changes add is added to what was worked out before.
 */
export class KnownFacts {
  static readonly none = new KnownFacts(0, -Infinity, {}, SpendLine.empty, PersistentMap(), []);

  readonly history: CustomerHistory;

  private constructor(
    /** How many changes it knows. */
    readonly changes: number,
    /** When the last of them was known. Never steps back, whatever the ledgers' clocks did. */
    readonly knownAt: EpochMillis,
    private readonly profile: { readonly firstCooperationOn?: PlainDate; readonly industry?: string },
    line: SpendLine,
    private readonly flags: Flags,
    periods: readonly FlagPeriod[],
  ) {
    this.history = historyOf(line, periods, profile.firstCooperationOn);
  }

  /** GB/T 4754 code of the customer. */
  get industry(): string | undefined {
    return this.profile.industry;
  }

  /**
   * @param changes those that follow
   * @param counting what counts of a purchase before a change, by the change's place among all
   */
  with(
    changes: readonly StandingChange[],
    counting: (purchaseId: string, before: number) => Recorded | undefined,
  ): KnownFacts {
    let { changes: place, knownAt, profile, flags } = this;
    const added = new Map<string, Spend>();
    const removed: Spend[] = [];
    const take = (purchaseId: string): void => {
      const known = counting(purchaseId, place);
      if (known !== undefined && !added.delete(purchaseId)) removed.push(spendOf(known));
    };
    for (const change of changes) {
      knownAt = Math.max(knownAt, change.recordedAt);
      switch (change.kind) {
        case 'registered':
          profile = change;
          break;
        case 'purchase':
          take(change.purchaseId);
          added.set(change.purchaseId, spendOf(change));
          break;
        case 'voided':
          take(change.purchaseId);
          break;
        case 'flagged':
          flags = flags.set(change.designationId, {
            approvedAt: change.recordedAt,
            validUntil: change.validUntil,
          });
          break;
        case 'unflagged': {
          const flag = flags.get(change.designationId);
          // A request that was turned down never was a flag.
          if (flag !== undefined) {
            flags = flags.set(change.designationId, { ...flag, endedAt: change.recordedAt });
          }
          break;
        }
      }
      place += 1;
    }
    const line = this.history.line.with([...added.values()], removed);
    const periods = flags === this.flags ? this.history.flags : flagPeriods([...flags.values()]);
    return new KnownFacts(place, knownAt, profile, line, flags, periods);
  }
}

function spendOf({ day, amountFen, recordedAt }: Recorded): Spend {
  return { from: countsFrom(day, recordedAt), amountFen };
}
