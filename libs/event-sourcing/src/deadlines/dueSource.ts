import type { Instant } from '@rapport/platform';
import type { WaitingPage } from '../sweeping/waitingPlace.ts';

/** A recorded due as the `deadlines` view shows it. */
export interface DueDeadline {
  readonly deadlineId: string;
  readonly generation: number;
  /** Its name in the decider's table. */
  readonly deadline: string;
  readonly stream: string;
  /** When it falls due, which is not when it is tried again. */
  readonly due: Instant;
}

/** Which dues are asked for. */
export interface AskedDues {
  /** The service that fires them. */
  readonly context: string;
  /** Only those before this instant. */
  readonly before: Instant;
  readonly limit: number;
  readonly cursor?: string;
  /** Position token: the view should show it. */
  readonly after?: string;
  /** Who asks: what is handed out to one is not handed out to another for a while. */
  readonly by: string;
}

/** What knows which recorded dues have passed: a view, so it may lag. Firing what was fired already is harmless. */
export interface DueSource {
  /** In order of due. */
  due(asked: AskedDues): Promise<WaitingPage<DueDeadline>>;
}
