import { Controller } from '@nestjs/common';
import {
  isVisible,
  TIERS,
  type Consistency,
  type ListTiers,
  type QueryAnswer,
  type QueryMessage,
  type Role,
} from '@rapport/contracts';
import { ServesQuery } from '@rapport/messaging';
import type { DocumentBody } from '@rapport/views';
import { shownFigures } from '../tiers/recordedFigures.ts';
import { TIER_CLASSIFIED, type TierDocument } from '../tiers/tiersProjection.ts';
import { Views } from './views.ts';

/** Classes of the items of a list of tier documents. */
const ITEMS_CLASSIFIED = Object.fromEntries(
  Object.entries(TIER_CLASSIFIED).map(([path, fieldClass]) => [`items.${path}`, fieldClass]),
);

/** The tier view. */
@Controller()
export class TierQueries {
  constructor(private readonly views: Views) {}

  /** Customers by tier, and by the rule that decided. */
  @ServesQuery('tiers.summary')
  summary(message: QueryMessage<Consistency>): Promise<QueryAnswer> {
    return this.views.answer(['tiers'], message, async () => {
      const [groups] = await this.views.collection('tiers').counts();
      const rules = groups!.map(({ values: [tier, rule], count: customers }) => ({ tier, rule, customers }));
      const count = (tier: string): number =>
        rules.filter((group) => group.tier === tier).reduce((sum, { customers }) => sum + customers, 0);
      return { body: { ...Object.fromEntries(TIERS.map((tier) => [tier, count(tier)])), rules } };
    });
  }

  @ServesQuery('tiers.list')
  list(message: QueryMessage<ListTiers>): Promise<QueryAnswer> {
    const { tier } = message.parameters;
    const seesSpend = isVisible('confidential', message.actor.roles as readonly Role[]);
    return this.views.answer(
      ['tiers'],
      message,
      () =>
        this.views.page(
          'tiers',
          `tiers.list ${seesSpend ? 'spend' : 'since'}`,
          message.parameters,
          {
            filter: tier === undefined ? {} : { tier },
            // The order of what is masked would tell it.
            sort: { by: seesSpend ? 'spendFen' : 'since', direction: 'desc' },
          },
          { item: (tier) => this.shown(tier as TierDocument), classified: TIER_CLASSIFIED },
        ),
      ITEMS_CLASSIFIED,
    );
  }

  private shown(tier: TierDocument): DocumentBody {
    return { ...tier, figures: shownFigures(tier.figures, this.views.now()) };
  }
}
