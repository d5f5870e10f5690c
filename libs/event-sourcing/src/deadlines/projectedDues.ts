import type { QueryAnswer } from '@rapport/contracts';
import { querySubject, type RequestClient } from '@rapport/messaging';
import type { WaitingPage } from '../sweeping/waitingPlace.ts';
import type { AskedDues, DueDeadline, DueSource } from './dueSource.ts';

/** Recorded dues as the projector's view answers them. */
export class ProjectedDues implements DueSource {
  constructor(private readonly requests: RequestClient) {}

  async due(asked: AskedDues): Promise<WaitingPage<DueDeadline>> {
    const { body, stale } = await this.requests.request<QueryAnswer<Omit<WaitingPage<DueDeadline>, 'stale'>>>(
      querySubject('deadlines.due'),
      { parameters: asked },
    );
    return { ...body, stale };
  }
}
