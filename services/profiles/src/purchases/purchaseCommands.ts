import { Controller, Inject } from '@nestjs/common';
import { civilOf } from '@rapport/calendar';
import type { CommandAnswer, JsonValue, RecordPurchase, VoidPurchase } from '@rapport/contracts';
import {
  commandAnswer,
  SERVICE_RUNTIME,
  type CommandMessage,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { ServesCommand } from '@rapport/messaging';
import { notFound } from '@rapport/platform';
import { customerStream, ProfilesHandlers } from '../profilesHandlers.ts';
import { recordedPurchaseId, type CustomerAt, type PurchasesCommand } from './purchasesDecider.ts';
import { purchasesStream } from './purchasesState.ts';

type OnCustomer<Body> = CommandMessage<Body & { readonly customerId: string }>;

/** Commands on purchases; translates, and finds the year's stream. */
@Controller()
export class PurchaseCommands {
  constructor(
    @Inject(SERVICE_RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(ProfilesHandlers) private readonly handlers: ProfilesHandlers,
  ) {}

  @ServesCommand('recordPurchase')
  async record(message: OnCustomer<RecordPurchase>): Promise<CommandAnswer> {
    const { payload, meta } = message;
    const { customerId, ...input } = payload;
    const { customers, purchases } = this.handlers;
    const command = (customer: CustomerAt): PurchasesCommand => ({ do: 'record', input, customer });
    const stream = purchasesStream(customerId, civilOf(input.purchasedOn).year);
    const outcome = await purchases.handle(
      stream,
      command(await customers.peek(customerStream(customerId))),
      meta,
      {
        request: { name: 'RecordPurchase', payload: payload as unknown as JsonValue },
        renew: async () => command(await customers.load(customerStream(customerId))),
      },
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
    const streams = [...state.years]
      .sort((x, y) => y - x)
      .map((year) => purchasesStream(state.customerId, year));
    const { purchases } = this.handlers;
    for (const read of [purchases.peek.bind(purchases), purchases.load.bind(purchases)]) {
      for (const stream of streams) if ((await read(stream)).state.byId.has(purchaseId)) return stream;
    }
    throw notFound('purchase');
  }
}
