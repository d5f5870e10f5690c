import { Followers } from '../following/followers.ts';
import { VirtualTime } from './virtualTime.ts';

/** Followers that a test watches in a time of its own, whatever time they work in themselves. */
export class Watched {
  readonly time = new VirtualTime();
  /** What was told, without its facts: `stands still: relay facts`. */
  readonly told: string[] = [];
  readonly followers = new Followers({
    clock: this.time,
    timers: this.time,
    alert: (what, facts) => this.tell(what, facts),
    inform: (what, facts) => this.tell(what, facts),
  });

  /** Looks for a minute: as long as a standstill may go untold. */
  async aMinute(): Promise<void> {
    this.followers.start();
    await this.time.pass(60_000);
  }

  /** Looks once more, and lets what is asked be answered. */
  async aLook(): Promise<void> {
    await this.time.pass(5_000);
  }

  private tell(what: string, facts: Readonly<Record<string, string | number>>): void {
    this.told.push(`${what}: ${facts['kind']} ${facts['follower']}`);
  }
}
