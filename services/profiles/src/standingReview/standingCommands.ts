import { Controller, Inject } from '@nestjs/common';
import type { CommandAnswer, ReviewStanding } from '@rapport/contracts';
import {
  commandAnswer,
  SERVICE_RUNTIME,
  type CommandMessage,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { ServesCommand } from '@rapport/messaging';
import { StandingReviews } from './standingReviews.ts';

/** The review that a recorded deadline fires; only translates. */
@Controller()
export class StandingCommands {
  constructor(
    @Inject(SERVICE_RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(StandingReviews) private readonly reviews: StandingReviews,
  ) {}

  @ServesCommand('reviewStanding')
  async review({ payload, meta }: CommandMessage<ReviewStanding>): Promise<CommandAnswer> {
    const { customerId, deadlineId, generation } = payload;
    const outcome = await this.reviews.review(customerId, meta, { customerId, deadlineId, generation });
    return commandAnswer(this.runtime.logId, customerId, outcome);
  }
}
