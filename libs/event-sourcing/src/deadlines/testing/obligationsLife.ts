import type { DomainEvent, Origin, CurrentEvent } from '@rapport/contracts';
import { toInstant, type EpochMillis } from '@rapport/platform';
import type { Decider, DecidedEvent } from '../../decider/decider.ts';
import { Agenda } from '../agenda.ts';
import { anticipate, type Anticipated, type AsRecorded } from '../anticipated.ts';
import { planAfter } from '../planAfter.ts';
import { settleOverdue } from '../settleOverdue.ts';
import type { Obligations, ObligationsCommand } from './obligations.ts';

const STREAM = 'customer-1';

/** A stream as it lives: commands and sweeps, each at its instant, in order. */
export class ObligationsLife {
  stream: Anticipated<Obligations>;
  /** Everything that is recorded. */
  readonly events: DecidedEvent[] = [];

  constructor(private readonly decider: Decider<Obligations, ObligationsCommand>) {
    this.stream = { state: decider.initial, agenda: Agenda.empty, revision: -1 };
  }

  /** Everything that has passed before this instant fires. */
  sweep(at: EpochMillis): void {
    for (let fired = -1; fired !== 0;) {
      const asRecorded = () => this.asOf(at);
      // A few at a time, as a handler records them in several appends.
      const { firings, after } = settleOverdue(this.decider, this.stream, {
        stream: STREAM,
        before: at,
        limit: 3,
        asRecorded,
      });
      this.events.push(...firings.flatMap(({ events }) => events));
      this.stream = after;
      fired = firings.length;
    }
  }

  send(command: ObligationsCommand, now: EpochMillis, origin: Origin = 'live'): void {
    this.sweep(now);
    const context = { now, commandId: 'c', actor: { id: 'a', roles: [] }, origin };
    const events = this.decider.decide(command, this.stream.state, context) as readonly DecidedEvent[];
    if (events.length === 0) return;
    const asRecorded = this.asOf(now);
    const after = anticipate(this.decider, this.stream, events, asRecorded);
    const plan = planAfter(this.decider, after, { stream: STREAM, now, origin, asRecorded });
    const occurredAt = toInstant(now);
    this.events.push(...[...events, ...plan.events].map((event) => ({ occurredAt, ...event })));
    this.stream = plan.after;
  }

  /** What happened for the business, told as the reference tells it. */
  happened(): readonly string[] {
    return this.events
      .filter(({ type }) => type.startsWith('test.'))
      .map(({ type, data, occurredAt }) => `${occurredAt} ${type.slice(5)} ${(data as { id: string }).id}`);
  }

  private asOf(at: EpochMillis): AsRecorded {
    return (event: DomainEvent, revision) =>
      ({ ...event, revision, recordedAt: toInstant(at) }) as unknown as CurrentEvent;
  }
}
