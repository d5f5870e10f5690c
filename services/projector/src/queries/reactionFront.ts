import { ledgerEvents, STANDING_REACTION, type DataOf, type RecordedEvent } from '@rapport/contracts';

/** A trigger that the reaction has passed, and the position of the record that says so. */
interface Passed {
  readonly trigger: number;
  readonly recordedAt: number;
}

/** How many passed triggers are remembered; who asks for what lies before waits for the oldest of them. */
const REMEMBERED = 512;

/**
 * How far the standing reaction has come, as the log tells. A reader who waits for his purchase wants to see the
 * tier that follows from it: so a wait for a position also waits for what the reaction recorded because of it.
 */
export class ReactionFront {
  private seen = -1;
  /** Triggers that the reaction has not reacted to yet, oldest first. */
  private open: number[] = [];
  /** Oldest first. What the reaction decided stands before the record. */
  private passed: Passed[] = [];
  private waiters: { readonly position: number; readonly resolve: (settledAt: number) => void }[] = [];

  /** Where following begins: nothing is known of what lies before, so nothing is waited for. */
  startAt(position: number): void {
    this.seen = position;
  }

  observe(events: readonly RecordedEvent[]): void {
    for (const event of events) {
      if (STANDING_REACTION.triggers.includes(event.type)) this.open.push(event.position);
      if (event.type === ledgerEvents.ReactionAdvanced.type) this.advance(event);
      this.seen = event.position;
    }
    this.waiters = this.waiters.filter((waiter) => {
      const settled = this.settled(waiter.position);
      if (settled) waiter.resolve(this.settledAt(waiter.position));
      return !settled;
    });
  }

  /**
   * Resolves with the position by which everything that follows from `position` is recorded; undefined when `giveUp`
   * aborts before: a position may be one that never comes.
   */
  settlement(position: number, giveUp?: AbortSignal): Promise<number | undefined> {
    if (this.settled(position)) return Promise.resolve(this.settledAt(position));
    return new Promise((resolve) => {
      const waiter = { position, resolve };
      this.waiters.push(waiter);
      const leave = (): void => {
        this.waiters = this.waiters.filter((other) => other !== waiter);
        resolve(undefined);
      };
      giveUp?.addEventListener('abort', leave, { once: true });
    });
  }

  private advance(event: RecordedEvent): void {
    const { reaction, throughPosition } = event.data as unknown as DataOf<
      typeof ledgerEvents.ReactionAdvanced
    >;
    if (reaction !== STANDING_REACTION.name) return;
    for (const trigger of this.open) {
      if (trigger <= throughPosition) this.passed.push({ trigger, recordedAt: event.position });
    }
    this.open = this.open.filter((trigger) => trigger > throughPosition);
    if (this.passed.length > 2 * REMEMBERED) this.passed = this.passed.slice(-REMEMBERED);
  }

  private settled(position: number): boolean {
    return this.seen >= position && (this.open.length === 0 || this.open[0]! > position);
  }

  // A view that shows the position alone may not show yet what followed from it, also when that is recorded already.
  private settledAt(position: number): number {
    const last = this.passed.findLast(({ trigger }) => trigger <= position) ?? this.forgotten();
    return Math.max(position, last?.recordedAt ?? -1);
  }

  private forgotten(): Passed | undefined {
    return this.passed.length >= REMEMBERED ? this.passed[0] : undefined;
  }
}
