import { DeadlineSweeper } from '../deadlines/deadlineSweeper.ts';
import { CustomerDirectory } from '../directory/customerDirectory.ts';
import { PolicyBook } from '../policy/policyBook.ts';
import { Knowledge } from './knowledge.ts';
import { SERVICE_RUNTIME, type ServiceRuntime } from './serviceRuntime.ts';

/**
 * What every service module provides to its controllers: the runtime, what the service knows of customers and
 * policies, and what fires its deadlines. In the form of Nest's providers, without Nest.
 *
 * @param via name of the service
 */
export function serviceProviders(runtime: ServiceRuntime, via: string) {
  return [
    { provide: SERVICE_RUNTIME, useValue: runtime },
    { provide: Knowledge, useFactory: () => new Knowledge(runtime, via) },
    { provide: CustomerDirectory, inject: [Knowledge], useFactory: ({ customers }: Knowledge) => customers },
    { provide: DeadlineSweeper, useFactory: () => new DeadlineSweeper(runtime, via) },
    { provide: PolicyBook, inject: [Knowledge], useFactory: ({ policies }: Knowledge) => policies },
  ];
}
