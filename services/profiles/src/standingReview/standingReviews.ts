import { Inject, Injectable } from '@nestjs/common';
import { streamName, type JsonValue } from '@rapport/contracts';
import {
  CommandHandler,
  commandHandling,
  PolicyBook,
  SERVICE_RUNTIME,
  type CommandMeta,
  type CommandOutcome,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { VIA } from '../profilesHandlers.ts';
import { standingDecider, type ReviewCommand } from './standingDecider.ts';
import type { Including, StandingBasis } from './customerKnowledge.ts';
import { StandingKnowledge } from './standingKnowledge.ts';
import type { StandingState } from './standingState.ts';

/** Reviews standings: gathers what is known, has it decided, records what changed. */
@Injectable()
export class StandingReviews {
  private readonly handler: CommandHandler<StandingState, ReviewCommand>;

  constructor(
    @Inject(SERVICE_RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(StandingKnowledge) private readonly knowledge: StandingKnowledge,
    @Inject(PolicyBook) private readonly policies: PolicyBook,
  ) {
    this.handler = new CommandHandler(commandHandling(runtime, VIA), standingDecider);
  }

  /**
   * brings a customer's standing up to now. Decided first on what this process knows, and again on what is
   * stored when that was behind, or seems to change nothing.
   *
   * @param request what the command's HMAC covers: the same for every repeat of this command
   * @param trigger the event that it is reviewed after, where there is one
   */
  async review(
    customerId: string,
    meta: CommandMeta,
    request: { readonly [key: string]: JsonValue },
    trigger?: Including,
  ): Promise<CommandOutcome<StandingState>> {
    const { writeFormats } = this.runtime;
    const command = ({ changes, checks }: StandingBasis): ReviewCommand => ({
      customerId,
      changes,
      checks,
      policies: { tiering: this.policies.all('tiering'), rfm: this.policies.all('rfm') },
      ...(writeFormats !== undefined && { writeFormats }),
    });
    return this.handler.handle(
      streamName('standing', customerId),
      command(await this.knowledge.known(customerId, trigger)),
      meta,
      {
        request: { name: 'ReviewStanding', payload: request },
        renew: async () => command(await this.knowledge.stored(customerId)),
      },
    );
  }

  /** The generation of this deadline that is pending by now; undefined where none is. */
  async due(customerId: string, deadlineId: string): Promise<number | undefined> {
    const { agenda } = await this.handler.peek(streamName('standing', customerId));
    return agenda.byId(deadlineId)?.generation;
  }
}
