import { profileEvents, streamName, type DataOf, type RecordedEvent, type Tier } from '@rapport/contracts';
import { notFound, ruleViolated } from '@rapport/platform';
import { FollowedStreams } from '../following/followedStreams.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Upcasters } from '../upcasting/upcasters.ts';

interface KnownCustomer {
  readonly exists: boolean;
  /** The customer is a person, who may be erased. */
  readonly individual: boolean;
  readonly contacts: ReadonlySet<string>;
}

interface KnownStanding {
  readonly tier: Tier;
  readonly index: number;
}

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

  constructor(
    private readonly ledger: Ledger,
    upcasters = new Upcasters(),
  ) {
    this.customers = new FollowedStreams(ledger, upcasters, customerFold);
    this.standings = new FollowedStreams(ledger, upcasters, standingFold);
  }

  /** For a LogFollower. Most events are of other streams: those cost next to nothing. */
  readonly observe = async (events: readonly RecordedEvent[]): Promise<void> => {
    const customers = events.filter(({ stream }) => stream.startsWith('customer-'));
    if (customers.length > 0) await this.customers.observe(customers);
    const standings = events.filter(({ stream }) => stream.startsWith('standing-'));
    if (standings.length > 0) await this.standings.observe(standings);
  };

  /**
   * @param contactField where the contacts are named
   * @throws Problem `not-found` unless the customer, and the contact where one is named, exist; R-100 where one of
   *   them was erased
   */
  async require(
    customerId: string,
    contactIds: readonly string[] = [],
    contactField = 'contactId',
  ): Promise<void> {
    const stream = streamName('customer', customerId);
    const missing = ({ exists, contacts }: KnownCustomer): 'customer' | 'contact' | undefined =>
      exists ? (contactIds.every((id) => contacts.has(id)) ? undefined : 'contact') : 'customer';
    let { state } = await this.customers.get(stream);
    // What is not known yet may just not have arrived: only the stream's head can say no.
    if (missing(state) !== undefined) state = (await this.customers.refresh(stream)).state;
    const what = missing(state);
    if (what !== undefined) throw notFound(what, what === 'contact' ? contactField : 'customerId');
    await this.requireNotErased(state.individual ? [customerId, ...contactIds] : contactIds);
  }

  /**
   * By the heads of their streams, which nearly always are empty and cost one read each: what was followed may be
   * late, and after the answer to an erasure nothing more is recorded about the person.
   */
  private async requireNotErased(personIds: readonly string[]): Promise<void> {
    const streams = await Promise.all(
      personIds.map((personId) => this.ledger.readStream(streamName('person', personId), 0)),
    );
    if (streams.flat().some(({ type }) => type === profileEvents.PersonErased.type)) {
      throw ruleViolated(
        'R-100',
        'The data of this person was erased on request: nothing more is recorded about them.',
      );
    }
  }

  async tier(customerId: string): Promise<UsedTier> {
    const { state } = await this.standings.get(streamName('standing', customerId));
    return { value: state.tier, index: state.index };
  }
}

const customerFold = {
  initial: { exists: false, individual: false, contacts: new Set<string>() } as KnownCustomer,
  evolve(state: KnownCustomer, { type, data }: RecordedEvent): KnownCustomer {
    switch (type) {
      case profileEvents.CustomerRegistered.type:
        return {
          ...state,
          exists: true,
          individual: (data as DataOf<typeof profileEvents.CustomerRegistered>).kind === 'individual',
        };
      case profileEvents.ContactAdded.type:
        return {
          ...state,
          contacts: new Set([
            ...state.contacts,
            (data as DataOf<typeof profileEvents.ContactAdded>).contactId,
          ]),
        };
      default:
        return state;
    }
  },
};

const standingFold = {
  initial: { tier: 'prospect', index: -1 } as KnownStanding,
  evolve: (state: KnownStanding, { type, data, index }: RecordedEvent): KnownStanding =>
    type === profileEvents.CustomerTierChanged.type
      ? { tier: (data as DataOf<typeof profileEvents.CustomerTierChanged>).to as Tier, index: index! }
      : state,
};
