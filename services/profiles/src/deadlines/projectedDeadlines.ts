import type { QueryAnswer } from '@rapport/contracts';
import { querySubject, type RequestClient } from '@rapport/messaging';
import type { Instant } from '@rapport/platform';
import type { DueDeadline, DueDeadlines } from './dueDeadlines.ts';

/** Due deadlines as the projector's view answers them. */
export class ProjectedDeadlines implements DueDeadlines {
  constructor(private readonly requests: RequestClient) {}

  async due(before: Instant, limit: number): Promise<readonly DueDeadline[]> {
    const { body } = await this.requests.request<QueryAnswer<{ readonly items: readonly DueDeadline[] }>>(
      querySubject('deadlines.due'),
      { parameters: { before, limit } },
    );
    return body.items;
  }
}
