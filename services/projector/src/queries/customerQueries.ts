import { Controller } from '@nestjs/common';
import {
  isPermitted,
  type ListCustomers,
  type Page,
  type QueryAnswer,
  type QueryMessage,
  type Role,
} from '@rapport/contracts';
import { firstOfEachThatFit, ServesQuery } from '@rapport/messaging';
import { shownBytes } from '@rapport/privacy';
import type { DocumentBody, ViewCursor } from '@rapport/views';
import type { Contact, PlacedContact } from '../contacts/contact.ts';
import type { ContactDocument } from '../contacts/contactsProjection.ts';
import { normaliseName, type CustomerDocument } from '../customers/customersProjection.ts';
import { FIGURES_CLASSIFIED, shownFigures } from '../tiers/recordedFigures.ts';
import { TIER_CLASSIFIED, type TierDocument } from '../tiers/tiersProjection.ts';
import type { TimelineEntry } from '../timeline/timelineProjection.ts';
import { CONTACTS_BYTES, cutToFit, PAGE_BYTES, type Placed } from './pages.ts';
import { mayReadEvent } from './readableHistory.ts';
import { REGISTER } from './registerQueries.ts';
import { QUEUE } from './ticketQueries.ts';
import { isShown, Views, type HistoryEntry } from './views.ts';

type OfCustomer<More = object> = QueryMessage<More & { readonly customerId: string }>;

/** Fields of `tiers` as they stand inside a customer: the same figures, so the same classes. */
const CUSTOMER_CLASSIFIED = {
  'tier.reasons.decidedWith': TIER_CLASSIFIED['reasons.decidedWith'],
  'segmentReasons.decidedWith': TIER_CLASSIFIED['segmentReasons.decidedWith'],
  ...FIGURES_CLASSIFIED,
} as const;

/** Of each list in an overview. */
const OVERVIEW = 20;
/** Of the contacts within a customer. */
const CONTACTS = 200;
const LATEST_SURVEYS = { by: 'answeredOn', direction: 'desc' } as const;
/** How often a page of the timeline is filled up for who may not read all of it. */
const FILL_UPS = 10;

/** A list, or the beginning of it. */
interface Found<Item = unknown> {
  readonly placed: readonly Placed<Item>[];
  /** From where it goes on after them. */
  readonly end: ViewCursor | undefined;
}

/** A list that an overview shows the beginning of, and the name that its cursors belong to. */
interface Overviewed extends Found {
  readonly query: string;
}

/** By list, the cursor with which it goes on where not all of it is shown; null: from its beginning. */
type More = Readonly<Record<string, string | null>>;

/** Profiles, customer 360 and the timeline. */
@Controller()
export class CustomerQueries {
  constructor(private readonly views: Views) {}

  @ServesQuery('customers.get')
  get(message: OfCustomer): Promise<QueryAnswer> {
    const { customerId } = message.parameters;
    return this.views.answer(
      ['customers', 'contacts', 'tiers'],
      message,
      async () => {
        const body = await this.customer(customerId);
        return { body, revision: body.revision };
      },
      CUSTOMER_CLASSIFIED,
    );
  }

  @ServesQuery('customers.list')
  list(message: QueryMessage<ListCustomers>): Promise<QueryAnswer> {
    const { tier, segment, name } = message.parameters;
    return this.views.answer(['customers'], message, async () => {
      return this.views.page(
        'customers',
        `customers.list ${name === undefined ? 'recent' : 'name'}`,
        message.parameters,
        {
          filter: {
            ...(tier !== undefined && { tier }),
            ...(segment !== undefined && { segment }),
            ...(name !== undefined && { searchName: { startsWith: normaliseName(name) } }),
          },
          sort:
            name === undefined
              ? { by: 'registeredAt', direction: 'desc' }
              : { by: 'searchName', direction: 'asc' },
        },
        { item: (customer) => this.listed(customer as CustomerDocument) },
      );
    });
  }

  /**
   * The beginnings of what there is of a customer, which share what a message carries. Without `risks` for who may
   * not read the risk register.
   */
  @ServesQuery('customers.view360')
  view360(message: OfCustomer): Promise<QueryAnswer> {
    const { customerId } = message.parameters;
    const roles = message.actor.roles as readonly Role[];
    return this.views.answer(
      ['customers', 'contacts', 'tiers', 'tickets', 'risks', 'satisfaction', 'timeline'],
      message,
      async () => {
        const customer = await this.customer(customerId);
        const lists = await this.overviewed(customerId, roles);
        const room = PAGE_BYTES - shownBytes(customer, CUSTOMER_CLASSIFIED);
        const { shown, more } = this.share(lists, room);
        const all = { ...customer.more, ...more };
        return {
          body: { ...customer, ...shown, ...(Object.keys(all).length > 0 && { more: all }) },
          revision: customer.revision,
        };
      },
      CUSTOMER_CLASSIFIED,
    );
  }

  /** Each goes on in the list of its own that has its name as `query`. */
  private async overviewed(
    customerId: string,
    roles: readonly Role[],
  ): Promise<Readonly<Record<string, Overviewed>>> {
    const filter = { customerId };
    const [openTickets, risks, surveys, timeline] = await Promise.all([
      this.views.find('tickets', { filter: { ...filter, open: true }, sort: QUEUE.sort }, OVERVIEW),
      isPermitted('risks.read', roles)
        ? this.views.find('risks', { filter, sort: REGISTER.sort }, OVERVIEW)
        : undefined,
      this.views.find('satisfaction', { filter, sort: LATEST_SURVEYS }, OVERVIEW),
      this.readable(customerId, roles, OVERVIEW),
    ]);
    return {
      openTickets: { ...openTickets, query: QUEUE.query },
      ...(risks !== undefined && { risks: { ...risks, query: REGISTER.query } }),
      surveys: { ...surveys, query: surveysOf(customerId) },
      timeline: { ...timeline, query: timelineOf(customerId) },
    };
  }

  private share(
    lists: Readonly<Record<string, Overviewed>>,
    bytes: number,
  ): { readonly shown: Readonly<Record<string, readonly unknown[]>>; readonly more: More } {
    const pages = firstOfEachThatFit(
      Object.values(lists).map(({ placed }) => placed),
      bytes,
      ({ item }) => shownBytes(item),
    );
    const shown: Record<string, readonly unknown[]> = {};
    const more: Record<string, string | null> = {};
    for (const [at, [name, { query, placed, end }]] of Object.entries(lists).entries()) {
      const page = pages[at]!;
      shown[name] = page.map(({ item }) => item);
      const cut = page.length < placed.length;
      const after = cut ? page.at(-1)?.place : end;
      if (after !== undefined) more[name] = this.views.sealCursor(query, after);
      else if (cut) more[name] = null;
    }
    return { shown, more };
  }

  @ServesQuery('customers.timeline')
  timeline(message: OfCustomer<Page>): Promise<QueryAnswer> {
    const { customerId, cursor, limit = 50 } = message.parameters;
    const roles = message.actor.roles as readonly Role[];
    return this.views.answer(['customers', 'timeline'], message, async () => {
      await this.views.one('customers', customerId, 'customer');
      const query = timelineOf(customerId);
      const { placed, end } = await this.readable(
        customerId,
        roles,
        limit,
        this.views.openCursor(query, cursor),
      );
      return this.views.answerPage(query, cutToFit(placed, end, PAGE_BYTES));
    });
  }

  @ServesQuery('customers.contacts')
  contacts(message: OfCustomer<Page>): Promise<QueryAnswer> {
    const { customerId, cursor, limit = 50 } = message.parameters;
    return this.views.answer(['customers', 'contacts'], message, async () => {
      await this.views.one('customers', customerId, 'customer');
      const query = contactsOf(customerId);
      const { placed, end } = await this.found(customerId, limit, this.views.openCursor(query, cursor));
      return this.views.answerPage(query, cutToFit(placed, end, PAGE_BYTES));
    });
  }

  @ServesQuery('customers.surveys')
  surveys(message: OfCustomer<Page>): Promise<QueryAnswer> {
    const { customerId } = message.parameters;
    return this.views.answer(['customers', 'satisfaction'], message, async () => {
      await this.views.one('customers', customerId, 'customer');
      const order = { filter: { customerId }, sort: LATEST_SURVEYS };
      return this.views.page('satisfaction', surveysOf(customerId), message.parameters, order);
    });
  }

  /**
   * Events that these roles may read, `limit` of them where there are as many: what is left out is filled up from
   * further back, so that a page does not tell how much was left out. Rarely fewer, when much was left out.
   */
  private async readable(
    customerId: string,
    roles: readonly Role[],
    limit: number,
    after?: ViewCursor,
  ): Promise<Found<HistoryEntry>> {
    const order = { filter: { customerId }, sort: { by: 'occurredAt', direction: 'desc' } } as const;
    const placed: Placed<HistoryEntry>[] = [];
    let end = after;
    for (let reads = 0; reads <= FILL_UPS; reads += 1) {
      const found = await this.views.find('timeline', order, limit - placed.length, end);
      const entries = await Promise.all(
        (found.placed as readonly Placed<TimelineEntry>[]).map(async ({ item, place }) => {
          const events = await this.views.history(item.stream, item.revision, 1);
          return events.map((event) => ({ item: event, place }));
        }),
      );
      placed.push(...entries.flat().filter(({ item }) => mayReadEvent(eventType(item), roles)));
      end = found.end;
      if (end === undefined || placed.length >= limit) break;
    }
    return { placed, end };
  }

  /** A customer in a list, with its first contacts. */
  private listed({
    searchName: _search,
    firstContacts,
    contactCount,
    ...customer
  }: CustomerDocument): DocumentBody {
    const placed = firstContacts.map((contact) => placedContact(contact));
    const end = contactCount > placed.length ? placed.at(-1)?.place : undefined;
    return { ...customer, ...this.shownContacts(customer.id, { placed, end }) };
  }

  /** As many contacts as there is room for; `more` tells where the others are. */
  private shownContacts(
    customerId: string,
    { placed, end }: Found<Contact>,
  ): { readonly contacts: readonly Contact[]; readonly more?: More } {
    const { items, after } = cutToFit(placed, end, CONTACTS_BYTES);
    return {
      contacts: items,
      ...(after !== undefined && {
        more: { contacts: this.views.sealCursor(contactsOf(customerId), after) },
      }),
    };
  }

  /** Contacts of one customer, in the order in which they were added. */
  private async found(customerId: string, limit: number, after?: ViewCursor): Promise<Found<Contact>> {
    const order = { filter: { customerId }, sort: { by: 'added', direction: 'asc' } } as const;
    const { placed, end } = await this.views.find('contacts', order, limit, after);
    const contacts = placed as readonly Placed<ContactDocument>[];
    return {
      placed: contacts.map(({ item: { customerId: _customer, ...contact } }) => placedContact(contact)),
      end,
    };
  }

  private async customer(
    customerId: string,
  ): Promise<DocumentBody & { readonly revision: number; readonly more?: More }> {
    const {
      tier,
      segment,
      searchName: _search,
      firstContacts: _first,
      contactCount: _count,
      ...customer
    } = await this.views.one('customers', customerId, 'customer');
    const standing = (await this.views.collection('tiers').get(customerId))?.body as TierDocument | undefined;
    return {
      ...customer,
      ...this.shownContacts(customerId, await this.found(customerId, CONTACTS)),
      tier: {
        value: standing?.tier ?? tier,
        since: standing?.since ?? null,
        reasons: standing?.reasons == null ? [{ rule: standing?.rule ?? null }] : [standing.reasons],
        nextReviewAt: standing?.nextReviewAt ?? null,
        history: standing?.history ?? [],
      },
      segment: standing?.segment ?? segment ?? null,
      segmentReasons: standing?.segmentReasons ?? null,
      figures: shownFigures(standing?.figures ?? null, this.views.now()),
      revision: customer['revision'] as number,
    };
  }
}

const contactsOf = (customerId: string): string => `customers.contacts ${customerId}`;
const surveysOf = (customerId: string): string => `customers.surveys ${customerId}`;
const timelineOf = (customerId: string): string => `timeline ${customerId}`;

function placedContact({ added, ...contact }: PlacedContact): Placed<Contact> {
  return { item: contact, place: { value: added, key: contact.contactId } };
}

/** Also of one that cannot be read, the type says whether these roles may know of it. */
function eventType(entry: HistoryEntry): string {
  return isShown(entry) ? entry.type : entry.eventType;
}
