import { Controller } from '@nestjs/common';
import {
  isPermitted,
  type ListCustomers,
  type Page,
  type QueryAnswer,
  type QueryMessage,
  type Role,
} from '@rapport/contracts';
import { ServesQuery } from '@rapport/messaging';
import { normaliseName } from '../customers/customersProjection.ts';
import { TIER_CLASSIFIED, type TierDocument } from '../tiers/tiersProjection.ts';
import type { TimelineEntry } from '../timeline/timelineProjection.ts';
import { mayReadEvent } from './readableHistory.ts';
import { Views, type HistoryEntry } from './views.ts';

type OfCustomer<More = object> = QueryMessage<More & { readonly customerId: string }>;

/** Fields of `tiers` as they stand inside a customer: the same figures, so the same classes. */
const CUSTOMER_CLASSIFIED = {
  'tier.reasons.inputs': TIER_CLASSIFIED['reasons.inputs'],
  'segmentReasons.inputs': TIER_CLASSIFIED['segmentReasons.inputs'],
} as const;

const OVERVIEW = 20;
/** How often a page of the timeline is filled up for who may not read all of it. */
const FILL_UPS = 10;

/** Profiles, customer 360 and the timeline. */
@Controller()
export class CustomerQueries {
  constructor(private readonly views: Views) {}

  @ServesQuery('customers.get')
  get(message: OfCustomer): Promise<QueryAnswer> {
    const { customerId } = message.parameters;
    return this.views.answer(
      ['customers', 'tiers'],
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
      const { body, next: cursor } = await this.views.page(
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
      );
      const items = body.items.map(({ searchName: _search, ...customer }) => customer);
      return { body: { ...body, items }, ...(cursor !== undefined && { next: cursor }) };
    });
  }

  /** Without `risks` for who may not read the risk register. */
  @ServesQuery('customers.view360')
  view360(message: OfCustomer): Promise<QueryAnswer> {
    const { customerId } = message.parameters;
    const roles = message.actor.roles as readonly Role[];
    return this.views.answer(
      ['customers', 'tiers', 'tickets', 'risks', 'satisfaction', 'timeline'],
      message,
      async () => {
        const customer = await this.customer(customerId);
        const filter = { customerId };
        const [tickets, risks, surveys, timeline] = await Promise.all([
          this.views.page(
            'tickets',
            'overview',
            { limit: OVERVIEW },
            {
              filter: { ...filter, open: true },
              sort: { by: 'queue', direction: 'asc' },
            },
          ),
          isPermitted('risks.read', roles)
            ? this.views.page(
                'risks',
                'overview',
                { limit: OVERVIEW },
                { filter, sort: { by: 'score', direction: 'desc' } },
              )
            : undefined,
          this.views.page(
            'satisfaction',
            'overview',
            { limit: OVERVIEW },
            {
              filter,
              sort: { by: 'answeredOn', direction: 'desc' },
            },
          ),
          this.timelinePage(customerId, { limit: OVERVIEW }, roles),
        ]);
        return {
          body: {
            ...customer,
            openTickets: tickets.body.items,
            ...(risks !== undefined && { risks: risks.body.items }),
            surveys: surveys.body.items,
            timeline: timeline.body.items,
          },
          revision: customer.revision,
        };
      },
      CUSTOMER_CLASSIFIED,
    );
  }

  @ServesQuery('customers.timeline')
  timeline(message: OfCustomer<Page>): Promise<QueryAnswer> {
    const { customerId } = message.parameters;
    return this.views.answer(['customers', 'timeline'], message, async () => {
      await this.views.one('customers', customerId, 'customer');
      return this.timelinePage(customerId, message.parameters, message.actor.roles as readonly Role[]);
    });
  }

  /**
   * Events that these roles may read, `limit` of them where there are as many: what is left out is filled up from
   * further back, so that a page does not tell how much was left out. Rarely shorter, when much was left out.
   */
  private async timelinePage(
    customerId: string,
    { cursor, limit = 50 }: Page,
    roles: readonly Role[],
  ): Promise<{ body: { items: readonly object[]; next?: string }; next?: string }> {
    const items: HistoryEntry[] = [];
    let next = cursor;
    for (let reads = 0; reads <= FILL_UPS; reads += 1) {
      const page = { limit: limit - items.length, ...(next !== undefined && { cursor: next }) };
      const found = await this.views.page('timeline', `timeline ${customerId}`, page, {
        filter: { customerId },
        sort: { by: 'occurredAt', direction: 'desc' },
      });
      const entries = await Promise.all(
        (found.body.items as readonly TimelineEntry[]).map(({ stream, revision }) =>
          this.views.history(stream, revision, 1),
        ),
      );
      items.push(...entries.flat().filter(({ type }) => mayReadEvent(type, roles)));
      next = found.next;
      if (next === undefined || items.length >= limit) break;
    }
    return { body: { items, ...(next !== undefined && { next }) }, ...(next !== undefined && { next }) };
  }

  private async customer(
    customerId: string,
  ): Promise<Record<string, unknown> & { readonly revision: number }> {
    const {
      tier,
      segment,
      searchName: _search,
      ...customer
    } = await this.views.one('customers', customerId, 'customer');
    const standing = (await this.views.collection('tiers').get(customerId))?.body as TierDocument | undefined;
    return {
      ...customer,
      tier: {
        value: standing?.tier ?? tier,
        since: standing?.since ?? null,
        reasons: standing?.reasons == null ? [{ rule: standing?.rule ?? null }] : [standing.reasons],
        nextReviewAt: standing?.nextReviewAt ?? null,
        history: standing?.history ?? [],
      },
      segment: standing?.segment ?? segment ?? null,
      segmentReasons: standing?.segmentReasons ?? null,
      revision: customer['revision'] as number,
    };
  }
}
