import { categoryOf, streamName, type ReadEvent, type Tier } from '@rapport/contracts';
import { notFound, type CacheBudget } from '@rapport/platform';
import { FollowedStreams, type LostStream } from '../following/followedStreams.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { customerFold, type KnownCustomer } from './knownCustomer.ts';
import { standingFold, type KnownStanding } from './knownStanding.ts';

/** A tier that a decision used, and the index of the event that it came from; -1: none was decided yet. */
export interface UsedTier {
  readonly value: Tier;
  readonly index: number;
}

/** What every other context must know of customers: that they exist, who belongs to them, their tier. */
export class CustomerDirectory {
  /** Whose events it must see. */
  static readonly categories = ['customer', 'standing'] as const;
  private readonly customers: FollowedStreams<KnownCustomer>;
  private readonly standings: FollowedStreams<KnownStanding>;

  /** @param lost told of customers whose events could not be folded */
  constructor(
    ledger: Ledger,
    caches: CacheBudget,
    private readonly lost: (streams: readonly LostStream[]) => void,
  ) {
    this.customers = new FollowedStreams(ledger, customerFold, caches);
    this.standings = new FollowedStreams(ledger, standingFold, caches);
  }

  /** For a LogFollower. Most events are of other streams: those cost next to nothing. */
  readonly observe = (events: readonly ReadEvent[]): void => {
    const of = (category: string) => events.filter(({ stream }) => categoryOf(stream) === category);
    this.lost([...this.customers.observe(of('customer')), ...this.standings.observe(of('standing'))]);
  };

  /**
   * @param contactField where the contacts are named
   * @returns the persons among them: the customer, where that is an individual, and the contacts. Whether one of
   *   them was erased is for the append to say, not for what is known here
   * @throws Problem `not-found` unless the customer, and the contact where one is named, exist; UnreadableStream
   */
  async require(
    customerId: string,
    contactIds: readonly string[] = [],
    contactField = 'contactId',
  ): Promise<readonly string[]> {
    const stream = streamName('customer', customerId);
    const missing = ({ exists, contacts }: KnownCustomer): 'customer' | 'contact' | undefined =>
      exists ? (contactIds.every((id) => contacts.has(id)) ? undefined : 'contact') : 'customer';
    let { state } = await this.customers.get(stream);
    // What is not known yet may just not have arrived: only the stream's head can say no.
    if (missing(state) !== undefined) state = (await this.customers.refresh(stream)).state;
    const what = missing(state);
    if (what !== undefined) throw notFound(what, what === 'contact' ? contactField : 'customerId');
    return state.individual ? [customerId, ...contactIds] : contactIds;
  }

  /** Whether the customer is no person; false also while that is not known here. It never changes. */
  async isCompany(customerId: string): Promise<boolean> {
    const { state } = await this.customers.get(streamName('customer', customerId));
    return state.exists && !state.individual;
  }

  async tier(customerId: string): Promise<UsedTier> {
    const { state } = await this.standings.get(streamName('standing', customerId));
    return { value: state.tier, index: state.index };
  }
}
