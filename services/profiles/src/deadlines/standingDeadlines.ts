import { Inject, Injectable } from '@nestjs/common';
import { commandIdOfDeadline } from '@rapport/contracts';
import {
  DEADLINES_ACTOR,
  SERVICE_RUNTIME,
  systemMeta,
  type DeadlineTarget,
  type FireOutcome,
  type FireRequest,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { VIA } from '../profilesHandlers.ts';
import { StandingReviews } from '../standingReview/standingReviews.ts';

/** a due review fires as a command, since it needs what the customer's other streams say. */
@Injectable()
export class StandingDeadlines implements DeadlineTarget {
  constructor(
    @Inject(SERVICE_RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(StandingReviews) private readonly reviews: StandingReviews,
  ) {
    runtime.deadlines.of(VIA).register('standing', this);
  }

  async fire({ stream, deadlineId, generation, origin }: FireRequest): Promise<FireOutcome> {
    const commandId = commandIdOfDeadline(this.runtime.tenant, deadlineId, generation);
    const customerId = stream.slice(stream.indexOf('-') + 1);
    const meta = await systemMeta(this.runtime, DEADLINES_ACTOR, {
      commandId,
      correlationId: commandId,
      causationId: commandId,
      origin,
    });
    const { events, repeated, position } = await this.reviews.review(customerId, meta, {
      customerId,
      deadlineId,
      generation,
    });
    if (events.length > 0 || repeated) return { outcome: 'fired', position };
    const pending = await this.reviews.due(customerId, deadlineId);
    return pending === generation ? { outcome: 'early', position: -1 } : { outcome: 'settled', position };
  }
}
