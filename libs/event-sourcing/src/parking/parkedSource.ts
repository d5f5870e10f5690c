import type { QueryAnswer } from '@rapport/contracts';
import { querySubject, type RequestClient } from '@rapport/messaging';
import type { AskedDues } from '../deadlines/dueSource.ts';
import type { WaitingPage } from '../sweeping/waitingPlace.ts';

/** A parked key as the `parked` view shows it. */
export interface ParkedItem {
  readonly id: string;
  readonly owner: string;
  readonly key: string;
  readonly stream: string;
  readonly revision?: number;
  readonly attempt: number;
}

/** Which parked keys are asked for. */
export interface AskedParked extends Omit<AskedDues, 'context'> {
  readonly owner: string;
  /** Only those that wait for this reason. */
  readonly reason?: string;
}

/** What knows which parked keys are to be tried again: a view, so it may lag. */
export interface ParkedSource {
  /** In order of when they are to be tried. */
  due(asked: AskedParked): Promise<WaitingPage<ParkedItem>>;
}

/** Parked keys as the projector's view answers them. */
export class ProjectedParked implements ParkedSource {
  constructor(private readonly requests: RequestClient) {}

  async due(asked: AskedParked): Promise<WaitingPage<ParkedItem>> {
    const { body, stale } = await this.requests.request<QueryAnswer<Omit<WaitingPage<ParkedItem>, 'stale'>>>(
      querySubject('retries.due'),
      { parameters: asked },
    );
    return { ...body, stale };
  }
}
