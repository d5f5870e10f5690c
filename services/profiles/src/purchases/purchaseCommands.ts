import { Controller, Inject } from '@nestjs/common';
import type { CommandAnswer, JsonValue, RecordPurchase, VoidPurchase } from '@rapport/contracts';
import {
  commandAnswer,
  SERVICE_RUNTIME,
  type CommandMessage,
  type CommandOutcome,
  type HandleOptions,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { ServesCommand } from '@rapport/messaging';
import { Problem } from '@rapport/platform';
import { customerStream, ProfilesHandlers } from '../profilesHandlers.ts';
import { PurchaseYears } from './purchaseYears.ts';
import { recordedPurchaseId, type PurchasesCommand, type YearOfCommand } from './purchasesDecider.ts';
import { purchasesStream, type Purchases } from './purchasesState.ts';

type OnCustomer<Body> = CommandMessage<Body & { readonly customerId: string }>;

interface PurchaseRequest extends Pick<HandleOptions, 'creates'> {
  /** Name of the command, which its HMAC covers. */
  readonly name: string;
  readonly customerId: string;
  readonly purchaseId: string;
}

/** How often a command that meets the turn of a year looks for its year anew. */
const MOST_TURNS = 3;

/** The year in which it was to be decided is not the customer's last one any more. */
class YearTurned extends Problem {
  constructor() {
    super({
      kind: 'revision-conflict',
      detail: 'The purchases of another year were opened at the same time. Repeat the request.',
      retryAfter: 1,
    });
  }
}

/** Commands on purchases; translates, and finds the year in which they are decided. */
@Controller()
export class PurchaseCommands {
  constructor(
    @Inject(SERVICE_RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(ProfilesHandlers) private readonly handlers: ProfilesHandlers,
    @Inject(PurchaseYears) private readonly years: PurchaseYears,
  ) {}

  @ServesCommand('recordPurchase')
  async record(message: OnCustomer<RecordPurchase>): Promise<CommandAnswer> {
    const { customerId, ...input } = message.payload;
    const purchaseId = recordedPurchaseId(message.meta.commandId);
    const outcome = await this.decide(
      message,
      { name: 'RecordPurchase', customerId, purchaseId, creates: 'part' },
      // Where it was recorded before, the answer to a repeat is found too.
      (at) => ({ do: 'record', input, ...at, year: at.elsewhere.recordedIn ?? at.year }),
    );
    return commandAnswer(this.runtime.logId, purchaseId, outcome);
  }

  @ServesCommand('voidPurchase')
  async void(message: OnCustomer<VoidPurchase & { readonly purchaseId: string }>): Promise<CommandAnswer> {
    const { customerId, purchaseId, ...input } = message.payload;
    const outcome = await this.decide(message, { name: 'VoidPurchase', customerId, purchaseId }, (at) => ({
      do: 'void',
      purchaseId,
      input,
      ...at,
    }));
    return commandAnswer(this.runtime.logId, purchaseId, outcome);
  }

  private async decide(
    { payload, meta }: CommandMessage<object>,
    { name, customerId, purchaseId, creates }: PurchaseRequest,
    commandIn: (year: YearOfCommand) => PurchasesCommand,
  ): Promise<CommandOutcome<Purchases>> {
    const { customers, purchases } = this.handlers;
    const find = async (how: 'peek' | 'load'): Promise<PurchasesCommand> => {
      const customer = await customers[how](customerStream(customerId));
      const at = await this.years.last(customer, purchaseId, this.runtime.clock.now(), how);
      // A year may have been opened by another command since the customer was looked at: rarely, so look again.
      return how === 'peek' && !customer.state.years.has(at.year) ? find('load') : commandIn(at);
    };
    for (let turns = 0; ; turns += 1) {
      const command = await find(turns === 0 ? 'peek' : 'load');
      const { year } = command;
      const renew = async (): Promise<PurchasesCommand> => {
        const renewed = await find('load');
        if (renewed.year !== year) throw new YearTurned();
        return renewed;
      };
      try {
        const outcome = await purchases.handle(purchasesStream(customerId, year), command, meta, {
          request: { name, payload: payload as JsonValue },
          renew,
          ...(creates !== undefined && { creates }),
        });
        // Another replica opened a year with it in this moment: there its answer is.
        const recordedElsewhere = outcome.repeated && outcome.events.length === 0;
        if (!recordedElsewhere || turns === MOST_TURNS) return outcome;
      } catch (error) {
        if (!(error instanceof YearTurned) || turns === MOST_TURNS) throw error;
      }
    }
  }
}
