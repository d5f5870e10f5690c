import {
  isReadable,
  ledgerEvents,
  parkingEvents,
  reactionOwner,
  STANDING_REACTION,
  type CurrentEvent,
  type DataOf,
} from '@rapport/contracts';
import type { LogEvent } from '@rapport/views';

/** An event that the reaction follows from. */
interface Trigger {
  readonly position: number;
  /** Undefined for a policy, which concerns every customer. */
  readonly customerId: string | undefined;
  /** As the reaction has it. */
  readonly key: string;
  /** Nobody waits for it: the reaction has parked its key. */
  parked: boolean;
}

/** A trigger that the reaction has passed, and the position of the record that says so. */
interface Passed extends Pick<Trigger, 'position' | 'customerId'> {
  readonly recordedAt: number;
}

interface Waiter {
  readonly position: number;
  readonly customerId: string | undefined;
  resolve(settledAt: number | undefined): void;
}

/** How many passed triggers are remembered; who asks for what lies before waits for the oldest of them. */
const REMEMBERED = 512;

/**
 * How far the standing reaction has come, as the log tells. A reader who waits for his purchase wants to see the
 * tier that follows from it: so a wait for a position also waits for what the reaction recorded because of it.
 *
 * A question about one customer waits for that customer's triggers and for policies; a list waits for all triggers.
 * Nobody waits for a key that the reaction has parked, nor for an event that cannot be read: either may stay so for long.
 */
export class ReactionFront {
  private seen = -1;
  /** What the reaction has not passed yet, oldest first: all, those of each customer, and policies. */
  private open: Trigger[] = [];
  private readonly openOf = new Map<string | undefined, Trigger[]>();
  /** Oldest first. What the reaction decided stands before the record. */
  private passed: Passed[] = [];
  private parked: ReadonlySet<string> = new Set();
  private readonly waiters = new Set<Waiter>();

  /** Where following begins: nothing is known of what lies before, so nothing is waited for. */
  startAt(position: number): void {
    this.seen = position;
  }

  observe(events: readonly LogEvent[]): void {
    for (const event of events) {
      if (isReadable(event)) this.look(event);
      this.seen = event.position;
    }
    for (const waiter of this.waiters) {
      const { position, customerId } = waiter;
      if (this.settled(position, customerId)) waiter.resolve(this.settledAt(position, customerId));
    }
  }

  /**
   * Resolves with the position by which everything that follows from `position` is recorded; undefined when `giveUp`
   * aborts before: a position may be one that never comes.
   *
   * @param customerId whom the question is about; undefined for lists
   */
  settlement(
    position: number,
    customerId: string | undefined,
    giveUp?: AbortSignal,
  ): Promise<number | undefined> {
    if (this.settled(position, customerId)) return Promise.resolve(this.settledAt(position, customerId));
    return new Promise((resolve) => {
      const leave = (): void => waiter.resolve(undefined);
      const waiter: Waiter = {
        position,
        customerId,
        resolve: (settledAt) => {
          this.waiters.delete(waiter);
          giveUp?.removeEventListener('abort', leave);
          resolve(settledAt);
        },
      };
      this.waiters.add(waiter);
      giveUp?.addEventListener('abort', leave, { once: true });
    });
  }

  private look(event: CurrentEvent): void {
    if (STANDING_REACTION.triggers.includes(event.type)) this.trigger(event);
    if (event.type === ledgerEvents.ReactionAdvanced.type) this.advance(event);
    if (event.type === parkingEvents.KeyParked.type) this.parkKey(event);
  }

  private trigger({ position, customerId, stream }: CurrentEvent): void {
    const key = customerId ?? stream;
    if (this.parked.has(key)) return;
    const trigger: Trigger = { position, customerId, key, parked: false };
    this.open.push(trigger);
    const others = this.openOf.get(customerId);
    if (others === undefined) this.openOf.set(customerId, [trigger]);
    else others.push(trigger);
  }

  private advance(event: CurrentEvent): void {
    const {
      reaction,
      throughPosition,
      parked = [],
    } = event.data as unknown as DataOf<typeof ledgerEvents.ReactionAdvanced>;
    if (reaction !== STANDING_REACTION.name) return;
    const ahead = this.open.findIndex(({ position }) => position > throughPosition);
    for (const trigger of this.open.splice(0, ahead < 0 ? this.open.length : ahead)) {
      if (trigger.parked) continue;
      const { position, customerId } = trigger;
      this.passed.push({ position, customerId, recordedAt: event.position });
      this.close(trigger);
    }
    if (this.passed.length > 2 * REMEMBERED) this.passed = this.passed.slice(-REMEMBERED);
    this.park(new Set(parked.map(({ key }) => key)));
  }

  /** What the key has triggered so far. A later trigger of it is tried, and passed, as any other. */
  private parkKey(event: CurrentEvent): void {
    const { owner, key } = event.data as unknown as DataOf<typeof parkingEvents.KeyParked>;
    if (owner !== reactionOwner(STANDING_REACTION.name, STANDING_REACTION.version)) return;
    this.leaveWaiting((trigger) => trigger.key === key);
  }

  /** @param keys all that the reaction of a former release has parked by now */
  private park(keys: ReadonlySet<string>): void {
    this.parked = keys;
    if (keys.size > 0) this.leaveWaiting(({ key }) => keys.has(key));
  }

  private leaveWaiting(isParked: (trigger: Trigger) => boolean): void {
    for (const trigger of this.open) {
      if (trigger.parked || !isParked(trigger)) continue;
      trigger.parked = true;
      this.close(trigger);
    }
  }

  private close(trigger: Trigger): void {
    const left = this.openOf.get(trigger.customerId)!;
    if (left.length === 1) this.openOf.delete(trigger.customerId);
    else left.splice(left.indexOf(trigger), 1);
  }

  private settled(position: number, customerId: string | undefined): boolean {
    return this.seen >= position && this.firstOpen(customerId) > position;
  }

  /** Position of the oldest trigger that is waited for. */
  private firstOpen(customerId: string | undefined): number {
    if (customerId === undefined) return this.open.find(({ parked }) => !parked)?.position ?? Infinity;
    const [own, policy] = [customerId, undefined].map((of) => this.openOf.get(of)?.[0]?.position ?? Infinity);
    return Math.min(own!, policy!);
  }

  // A view that shows the position alone may not show yet what followed from it, also when that is recorded already.
  private settledAt(position: number, customerId: string | undefined): number {
    const concerns = (of: string | undefined): boolean =>
      customerId === undefined || of === undefined || of === customerId;
    const last =
      this.passed.findLast((passed) => passed.position <= position && concerns(passed.customerId)) ??
      this.forgotten();
    return Math.max(position, last?.recordedAt ?? -1);
  }

  private forgotten(): Passed | undefined {
    return this.passed.length >= REMEMBERED ? this.passed[0] : undefined;
  }
}
