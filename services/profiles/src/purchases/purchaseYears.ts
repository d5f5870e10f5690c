import { civilOf, dateOf } from '@rapport/calendar';
import type { ReadEvent } from '@rapport/contracts';
import type { CommandHandler } from '@rapport/event-sourcing';
import type { EpochMillis } from '@rapport/platform';
import { LRUCache } from 'lru-cache';
import type { CustomerAt, PurchasesCommand, YearOfCommand } from './purchasesDecider.ts';
import { purchasesStream, type Purchases } from './purchasesState.ts';

/** Estimated bytes of a folded year, and of each purchase in it: an id of 36 characters and its place in a tree. */
const YEAR_BYTES = 500;
const PURCHASE_BYTES = 220;
/** Of all years that have ended and are kept in memory, by default. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * A customer's purchases, year by year. All commands meet in the last year, whatever date a purchase has, so that one
 * stream says which were recorded: a command repeated with another date finds itself there. A year has ended once the
 * customer's stream opens a later one. Every command checks that stream, and the one that opens a year checks that
 * which it ends; so nothing enters a year that has ended, and what it says needs no check in any append.
 *
 * Releases before this one wrote a purchase into the year of its date. What they write while both run is followed.
 */
export class PurchaseYears {
  /** Folded years that had ended before they were read. */
  private readonly ended: LRUCache<string, Purchases>;

  constructor(
    private readonly purchases: Pick<CommandHandler<Purchases, PurchasesCommand>, 'load' | 'peek'>,
    maxBytes = MAX_BYTES,
  ) {
    this.ended = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ since, voided }) => YEAR_BYTES + PURCHASE_BYTES * (since.size + voided.size),
    });
  }

  /** For a LogFollower. */
  readonly observe = (events: readonly ReadEvent[]): void => {
    for (const { stream } of events) this.ended.delete(stream);
  };

  /**
   * The year in which a command on a purchase is decided: the customer's last one, which may have to be opened.
   *
   * @param how `peek`: as this process knows the last year; `load`: as it is stored
   */
  async last(
    customer: CustomerAt,
    purchaseId: string,
    now: EpochMillis,
    how: 'peek' | 'load',
  ): Promise<YearOfCommand> {
    const { customerId, years } = customer.state;
    const opened = years.max();
    // Clocks differ, and step back: a year that was opened is not left again.
    const year = Math.max(opened ?? 0, civilOf(dateOf(now)).year);
    const ending =
      opened === undefined || opened === year ? undefined : await this.at(customerId, opened, how);
    const ended = years.filter((other) => other !== year && other !== opened).toArray();
    const found = await Promise.all(
      ended.map(async (other) => [other, await this.endedYear(customerId, other)] as const),
    );
    if (ending !== undefined) found.push([opened!, ending.state]);
    const recordedIn = found.find(([, { since }]) => since.has(purchaseId))?.[0];
    return {
      customer,
      year,
      ...(ending !== undefined && { ending: { stream: ending.stream, revision: ending.revision } }),
      elsewhere: {
        ...(recordedIn !== undefined && { recordedIn }),
        voided: found.some(([, { voided }]) => voided.has(purchaseId)),
      },
    };
  }

  private async at(
    customerId: string,
    year: number,
    how: 'peek' | 'load',
  ): Promise<{ readonly stream: string; readonly state: Purchases; readonly revision: number }> {
    const stream = purchasesStream(customerId, year);
    const { state, revision } = await this.purchases[how](stream);
    return { stream, state, revision };
  }

  private async endedYear(customerId: string, year: number): Promise<Purchases> {
    const stream = purchasesStream(customerId, year);
    const known = this.ended.get(stream);
    if (known !== undefined) return known;
    // What was read while the year was the last one may lack its end.
    const { state } = await this.purchases.load(stream);
    this.ended.set(stream, state);
    return state;
  }
}
