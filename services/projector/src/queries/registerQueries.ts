import { Controller } from '@nestjs/common';
import type { ListRisks, Page, QueryAnswer, QueryMessage } from '@rapport/contracts';
import { ServesQuery } from '@rapport/messaging';
import { Views } from './views.ts';

/** The risk register, the highest first. */
export const REGISTER = { query: 'risks.list', sort: { by: 'score', direction: 'desc' } } as const;

/** The risk register and the improvement board. */
@Controller()
export class RegisterQueries {
  constructor(private readonly views: Views) {}

  @ServesQuery('risks.list')
  risks(message: QueryMessage<ListRisks>): Promise<QueryAnswer> {
    const { customerId, level } = message.parameters;
    return this.views.answer(['risks'], message, () =>
      this.views.page('risks', REGISTER.query, message.parameters, {
        filter: { ...(customerId !== undefined && { customerId }), ...(level !== undefined && { level }) },
        sort: REGISTER.sort,
      }),
    );
  }

  @ServesQuery('improvements.list')
  improvements(message: QueryMessage<Page>): Promise<QueryAnswer> {
    return this.views.answer(['improvements'], message, () =>
      this.views.page('improvements', 'improvements.list', message.parameters, {
        sort: { by: 'createdAt', direction: 'desc' },
      }),
    );
  }
}
