import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CustomerDirectory, LogFollower, SERVICE_RUNTIME, type ServiceRuntime } from '@rapport/event-sourcing';

export const directoryProvider = {
  provide: CustomerDirectory,
  inject: [SERVICE_RUNTIME],
  useFactory: (runtime: ServiceRuntime) => new CustomerDirectory(runtime.ledger),
};

/** Keeps what tickets knows of customers up to date. */
@Injectable()
export class CustomerKnowledge implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly follower: LogFollower;

  constructor(@Inject(SERVICE_RUNTIME) runtime: ServiceRuntime, customers: CustomerDirectory) {
    this.follower = new LogFollower(runtime.ledger, runtime.timers, [customers.observe], (error) =>
      runtime.alert('following the log failed', { service: 'tickets', error: (error as Error).name }),
    );
  }

  onApplicationBootstrap(): Promise<void> {
    return this.follower.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.follower.stop();
  }
}
