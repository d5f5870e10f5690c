import { civilOf, dateOf } from '@rapport/calendar';
import { profileEvents, type CurrentEvent, type DataOf, type ReadEvent } from '@rapport/contracts';
import type { CommandHandler, Ledger } from '@rapport/event-sourcing';
import type { CacheBudget, CacheShelf, EpochMillis } from '@rapport/platform';
import type { CustomerAt, PurchasesCommand, YearOfCommand } from './purchasesDecider.ts';
import { purchasesStream, type Purchases } from './purchasesState.ts';

/** What an ended year says of purchases. */
interface EndedYear {
  readonly recorded: ReadonlySet<string>;
  readonly voided: ReadonlySet<string>;
}

/** Estimated bytes of an ended year, and of each purchase in it: an id of 36 characters and its place in a set. */
const YEAR_BYTES = 500;
const PURCHASE_BYTES = 100;

/**
 * A customer's purchases, year by year. All commands meet in the last year, whatever date a purchase has, so that one
 * stream says which were recorded: a command repeated with another date finds itself there. A year has ended once the
 * customer's stream opens a later one. Every command checks that stream, and the one that opens a year checks that
 * which it ends; so nothing enters a year that has ended, and what it says needs no check in any append.
 *
 * Releases before this one wrote a purchase into the year of its date. What they write while both run is followed.
 */
export class PurchaseYears {
  /** By stream; read after they had ended. */
  private readonly ended: CacheShelf<EndedYear>;
  private readonly reading = new Map<string, Promise<EndedYear>>();

  constructor(
    private readonly purchases: Pick<CommandHandler<Purchases, PurchasesCommand>, 'load' | 'peek'>,
    private readonly ledger: Pick<Ledger, 'readStream'>,
    caches: CacheBudget,
  ) {
    this.ended = caches.shelf(
      'followedStreams',
      ({ recorded, voided }: EndedYear) => YEAR_BYTES + PURCHASE_BYTES * (recorded.size + voided.size),
    );
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
    const found: (EndedYear & { readonly year: number })[] = [];
    for (const other of years) {
      if (other !== year && other !== opened)
        found.push({ year: other, ...(await this.endedYear(customerId, other)) });
    }
    const endsNow = ending?.state;
    const recordedIn =
      endsNow?.since.has(purchaseId) === true
        ? opened
        : found.find(({ recorded }) => recorded.has(purchaseId))?.year;
    return {
      customer,
      year,
      ...(ending !== undefined && { ending: { stream: ending.stream, revision: ending.revision } }),
      elsewhere: {
        ...(recordedIn !== undefined && { recordedIn }),
        voided: [endsNow, ...found].some((said) => said?.voided.has(purchaseId) === true),
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

  /** Commands that ask for the same year at the same time read it once. */
  private endedYear(customerId: string, year: number): EndedYear | Promise<EndedYear> {
    const stream = purchasesStream(customerId, year);
    const known = this.ended.get(stream) ?? this.reading.get(stream);
    if (known !== undefined) return known;
    const reading = this.read(stream).finally(() => this.reading.delete(stream));
    this.reading.set(stream, reading);
    return reading;
  }

  /** From the store: what was folded while the year was the last one may lack its end. */
  private async read(stream: string): Promise<EndedYear> {
    const year = endedYearOf(await this.ledger.readStream(stream, 0));
    this.ended.set(stream, year);
    return year;
  }
}

const { PurchaseRecorded, RefundRecorded, PurchaseVoided } = profileEvents;

function endedYearOf(events: readonly CurrentEvent[]): EndedYear {
  const recorded = new Set<string>();
  const voided = new Set<string>();
  for (const { type, data } of events) {
    const { purchaseId } = data as Pick<DataOf<typeof PurchaseVoided>, 'purchaseId'>;
    if (type === PurchaseRecorded.type || type === RefundRecorded.type) recorded.add(purchaseId);
    if (type === PurchaseVoided.type) voided.add(purchaseId);
  }
  return { recorded, voided };
}
