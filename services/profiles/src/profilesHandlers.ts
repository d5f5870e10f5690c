import { Inject, Injectable } from '@nestjs/common';
import { streamName } from '@rapport/contracts';
import {
  CommandHandler,
  commandHandling,
  SERVICE_RUNTIME,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { customerDecider, type CustomerCommand } from './customer/customerDecider.ts';
import type { Customer } from './customer/customerState.ts';
import { personDecider, type ErasePersonCommand, type Person } from './person/personDecider.ts';
import { purchasesDecider, type PurchasesCommand } from './purchases/purchasesDecider.ts';
import type { Purchases } from './purchases/purchasesState.ts';

/** Name of this service, recorded as `via`. */
export const VIA = 'profiles';

/** The command handlers of customers, persons and purchases; one each in a process, for their caches. */
@Injectable()
export class ProfilesHandlers {
  readonly customers: CommandHandler<Customer, CustomerCommand>;
  readonly persons: CommandHandler<Person, ErasePersonCommand>;
  readonly purchases: CommandHandler<Purchases, PurchasesCommand>;

  constructor(@Inject(SERVICE_RUNTIME) runtime: ServiceRuntime) {
    const handling = commandHandling(runtime, VIA);
    this.customers = new CommandHandler(handling, customerDecider);
    this.persons = new CommandHandler(handling, personDecider);
    this.purchases = new CommandHandler(handling, purchasesDecider);
  }
}

export function customerStream(customerId: string): string {
  return streamName('customer', customerId);
}
