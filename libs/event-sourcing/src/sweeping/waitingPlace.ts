import type { Origin } from '@rapport/contracts';
import type { EpochMillis, Instant } from '@rapport/platform';

/** A page of what waits, in the order in which it is taken up. */
export interface WaitingPage<Item> {
  readonly items: readonly Item[];
  /** Cursor of the next page. */
  readonly next?: string;
  /** On the last page: when the first of what is not yet due will be. */
  readonly nextAt?: Instant;
  /** The view does not show yet what was done last: it may still name what is done. */
  readonly stale: boolean;
}

/** Where things wait for their instant, and what becomes of them then. */
export interface WaitingPlace<Item> {
  /** For alerts: `deadline sweep`. */
  readonly name: string;
  idOf(item: Item): string;

  /**
   * What is due before an instant.
   *
   * @param after the log's position that it should show; -1 for any
   */
  page(before: EpochMillis, cursor: string | undefined, after: number): Promise<WaitingPage<Item>>;

  /**
   * @returns the log's position at which it shows; undefined where its time has not come by the ledger's clock
   * @throws what keeps it from being settled
   */
  settle(item: Item, origin: SweepOrigin): Promise<number | undefined>;

  /** Puts it aside for a later try. @returns the log's position that shows it */
  park(item: Item, reason: string): Promise<number>;
}

/** Recorded with what follows; `demo` while the demo moves the clock. */
export type SweepOrigin = Extract<Origin, 'live' | 'demo'>;
