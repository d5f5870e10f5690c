import { ledgerEvents, STANDING_REACTION, type DataOf, type RecordedEvent } from '@rapport/contracts';

/**
 * How far the standing reaction has come, as the log tells. A reader who waits for his purchase wants to see the
 * tier that follows from it: so a wait for a position also waits for what the reaction recorded because of it.
 */
export class ReactionFront {
  private seen = -1;
  private through = -1;
  /** Position of the record of `through`: what the reaction decided stands before it. */
  private recordedAt = -1;
  /** Triggers that the reaction has not reacted to yet, oldest first. */
  private open: number[] = [];
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
      if (settled) waiter.resolve(Math.max(waiter.position, this.recordedAt));
      return !settled;
    });
  }

  /** Resolves with the position by which everything that follows from `position` is recorded. */
  settlement(position: number): Promise<number> {
    if (this.settled(position)) return Promise.resolve(position);
    return new Promise((resolve) => this.waiters.push({ position, resolve }));
  }

  private advance(event: RecordedEvent): void {
    const { reaction, throughPosition } = event.data as unknown as DataOf<typeof ledgerEvents.ReactionAdvanced>;
    if (reaction !== STANDING_REACTION.name) return;
    this.through = throughPosition;
    this.recordedAt = event.position;
    this.open = this.open.filter((trigger) => trigger > this.through);
  }

  private settled(position: number): boolean {
    return this.seen >= position && (this.open.length === 0 || this.open[0]! > position);
  }
}
