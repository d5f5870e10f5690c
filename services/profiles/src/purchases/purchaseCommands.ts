import { Controller, Inject } from '@nestjs/common';
import { civilOf } from '@rapport/calendar';
import type { CommandAnswer, JsonValue, RecordPurchase, VoidPurchase } from '@rapport/contracts';
import {
  commandAnswer,
  CommandQueue,
  SERVICE_RUNTIME,
  type CommandMessage,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { ServesCommand } from '@rapport/messaging';
import { notFound } from '@rapport/platform';
import { customerStream, ProfilesHandlers } from '../profilesHandlers.ts';
import {
  recordedPurchaseId,
  type CustomerAt,
  type PurchasesCommand,
  type YearAt,
} from './purchasesDecider.ts';
import { purchasesStream } from './purchasesState.ts';

type OnCustomer<Body> = CommandMessage<Body & { readonly customerId: string }>;

/** Commands on purchases; translates, and finds the year's stream. */
@Controller()
export class PurchaseCommands {
  private readonly queue: CommandQueue;

  constructor(
    @Inject(SERVICE_RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(ProfilesHandlers) private readonly handlers: ProfilesHandlers,
  ) {
    this.queue = new CommandQueue(runtime.backlog);
  }

  @ServesCommand('recordPurchase')
  async record(message: OnCustomer<RecordPurchase>): Promise<CommandAnswer> {
    const { payload, meta } = message;
    const { customerId, ...input } = payload;
    const { customers, purchases } = this.handlers;
    const { year } = civilOf(input.purchasedOn);
    const command = async (how: 'peek' | 'load'): Promise<PurchasesCommand> => {
      const customer = await customers[how](customerStream(customerId));
      const others = [...customer.state.years].filter((other) => other !== year);
      return { do: 'record', input, customer, others: await this.years(customerId, others, how) };
    };
    // Each one checks all years: side by side they would only make each other decide again.
    const outcome = await this.queue.run(customerId, meta.wanted, async () =>
      purchases.handle(purchasesStream(customerId, year), await command('peek'), meta, {
        request: { name: 'RecordPurchase', payload: payload as unknown as JsonValue },
        renew: () => command('load'),
        creates: 'part',
      }),
    );
    return commandAnswer(this.runtime.logId, recordedPurchaseId(meta.commandId), outcome);
  }

  @ServesCommand('voidPurchase')
  async void(message: OnCustomer<VoidPurchase & { readonly purchaseId: string }>): Promise<CommandAnswer> {
    const { payload, meta } = message;
    const { customerId, purchaseId, ...input } = payload;
    const { customers, purchases } = this.handlers;
    const command = (customer: CustomerAt): PurchasesCommand => ({ do: 'void', purchaseId, input, customer });
    const customer = await customers.load(customerStream(customerId));
    const outcome = await purchases.handle(
      await this.streamOf(customer, purchaseId),
      command(customer),
      meta,
      {
        request: { name: 'VoidPurchase', payload: payload as unknown as JsonValue },
        renew: async () => command(await customers.load(customerStream(customerId))),
      },
    );
    return commandAnswer(this.runtime.logId, purchaseId, outcome);
  }

  /** The stream that holds a purchase: one of the customer's years, the latest first. */
  private async streamOf({ state }: CustomerAt, purchaseId: string): Promise<string> {
    if (!state.registered) throw notFound('customer');
    const years = [...state.years].sort((x, y) => y - x);
    const year =
      (await this.yearOf(state.customerId, years, purchaseId, 'peek')) ??
      (await this.yearOf(state.customerId, years, purchaseId, 'load'));
    if (year === undefined) throw notFound('purchase');
    return purchasesStream(state.customerId, year);
  }

  /** Which of these years has the purchase. */
  private async yearOf(
    customerId: string,
    years: readonly number[],
    purchaseId: string,
    how: 'peek' | 'load',
  ): Promise<number | undefined> {
    const found = await this.years(customerId, years, how);
    return years.find((_, i) => found[i]!.state.byId.has(purchaseId));
  }

  private years(
    customerId: string,
    years: readonly number[],
    how: 'peek' | 'load',
  ): Promise<readonly YearAt[]> {
    const streams = years.map((year) => purchasesStream(customerId, year));
    return Promise.all(
      streams.map(async (stream) => {
        const { state, revision } = await this.handlers.purchases[how](stream);
        return { stream, state, revision };
      }),
    );
  }
}
