import { CustomerDirectory } from '../directory/customerDirectory.ts';
import { PolicyBook } from '../policy/policyBook.ts';
import { followingAlerts, lostStreamAlert } from './followingAlerts.ts';
import { LogFollower } from './logFollower.ts';
import type { ServiceRuntime } from './serviceRuntime.ts';

/**
 * What a service knows besides its own streams: the customers and the policies in force, kept up to date by
 * following the log. Its two hooks are those that Nest calls on every provider; it needs no Nest.
 */
export class Knowledge {
  readonly customers: CustomerDirectory;
  readonly policies: PolicyBook;
  private readonly follower: LogFollower;

  /** @param via name of the service */
  constructor(
    runtime: Pick<ServiceRuntime, 'ledger' | 'timers' | 'alert' | 'caches' | 'followers'>,
    via: string,
  ) {
    const alerts = followingAlerts(runtime.alert, via);
    const { ledger, caches } = runtime;
    this.customers = new CustomerDirectory(ledger, caches, lostStreamAlert(runtime.alert, via));
    this.policies = new PolicyBook(ledger, alerts.unreadable);
    this.follower = new LogFollower(
      runtime.ledger,
      runtime.timers,
      [this.customers.observe, (events) => this.policies.observe(events)],
      alerts,
      {
        followers: runtime.followers,
        kind: 'knowledge',
        name: via,
        categories: [...CustomerDirectory.categories, ...PolicyBook.categories],
      },
    );
  }

  /** Resolves when every policy recorded before is known; call before the first decision. */
  async onApplicationBootstrap(): Promise<void> {
    // Follow first, then read: what is recorded in between comes twice, which is harmless. The other way round
    // it would never come.
    await this.follower.start();
    await this.policies.load();
  }

  onApplicationShutdown(): Promise<void> {
    return this.follower.stop();
  }
}
