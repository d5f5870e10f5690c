import { Controller } from '@nestjs/common';
import type { QueryAnswer, QueryMessage } from '@rapport/contracts';
import { ServesQuery } from '@rapport/messaging';
import { Problem } from '@rapport/platform';
import { Views } from './views.ts';

/** Operating the projections: state, parked keys. */
@Controller()
export class ProjectionQueries {
  constructor(private readonly views: Views) {}

  @ServesQuery('projections.status')
  async status(): Promise<QueryAnswer> {
    return { body: { projections: await this.views.status() }, stale: false };
  }

  @ServesQuery('projections.unpark')
  async unpark({
    parameters: { view, key },
  }: QueryMessage<{ view: string; key: string }>): Promise<QueryAnswer> {
    const body = await this.views.unpark(view, key);
    if (body.status === 'not-owner') {
      throw new Problem({
        kind: 'unavailable',
        detail: 'Another projector owns this view. Try again.',
        retryAfter: 1,
      });
    }
    return { body, stale: false };
  }
}
