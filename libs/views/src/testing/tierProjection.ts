import type { CurrentEvent } from '@rapport/contracts';
import type { Projection } from '../projection.ts';

/** A view of customers that tests fold: purchases are summed, referrals touch two, some are gone or come again. */
export const tierProjection: Projection = {
  name: 'tier',
  version: 1,
  indexes: [{ fields: ['spend'] }],
  types: ['Registered', 'Purchased', 'Referred', 'Erased', 'Viewed'].map((type) => `crm.profiles.${type}`),
  keys(event) {
    const { customer, n } = dataOf(event);
    return event.type === 'crm.profiles.Referred' ? [customer, `c${n}`, customer] : [customer];
  },
  fold(body, event, key) {
    const { customer, n } = dataOf(event);
    const spend = (body?.['spend'] as number | undefined) ?? 0;
    const history = (body?.['history'] as string[] | undefined) ?? [];
    switch (event.type.slice('crm.profiles.'.length)) {
      case 'Registered':
        return { spend, history: [...history, `registered ${n}`] };
      case 'Purchased':
        if (n < 0) throw new RangeError('refused to show the amount');
        return { spend: spend + n, history: [...history, `purchased ${n}`] };
      case 'Referred':
        return {
          spend,
          history: [...history, key === customer ? `referred c${n}` : `was referred by ${customer}`],
        };
      case 'Erased':
        return null;
      default:
        return body;
    }
  },
};

/** The same, but whoever registers begins anew. */
export const restartingProjection: Projection = {
  ...tierProjection,
  starts: ['crm.profiles.Registered'],
};

export function dataOf(event: CurrentEvent): { customer: string; n: number } {
  return event.data as unknown as { customer: string; n: number };
}
