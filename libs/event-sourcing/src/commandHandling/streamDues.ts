import { commandIdOfDeadline, type Origin, type CurrentEvent } from '@rapport/contracts';
import { toInstant, type EpochMillis } from '@rapport/platform';
import { anticipate, type Anticipated, type AsRecorded } from '../deadlines/anticipated.ts';
import { isFiring } from '../deadlines/deadlineTable.ts';
import type { RecordedDue } from '../deadlines/due.ts';
import { planAfter } from '../deadlines/planAfter.ts';
import { settleOverdue, type Firing } from '../deadlines/settleOverdue.ts';
import type { DecidedEvent, Decider, Decision } from '../decider/decider.ts';
import type { CommandIdentity } from '../ledger/ledger.ts';
import { canonicalRequest } from './canonicalRequest.ts';
import type { CommandMeta } from './commandMeta.ts';
import type { FoldedStream } from './foldedStream.ts';

/** Who fires recorded dues. */
export const DEADLINES_ACTOR = 'system-deadlines';

/** What firings are recorded with. */
export interface DueHandling {
  readonly tenant: string;
  /** Name of the service, recorded as `via`. */
  readonly via: string;
  readonly requestHmac: (request: string) => string;
  /** Signs for what recorded dues do by themselves. */
  readonly assertDeadlines: () => Promise<string>;
}

/** Firings worked out at once; what is overdue beyond that comes after it. */
const MOST_AT_ONCE = 1_000;

/** This release does not know the deadline: newer code scheduled it, or its name was taken out of the table. */
export class UnknownDeadlineError extends Error {
  override readonly name = 'UnknownDeadlineError';

  constructor(deadline: string) {
    super(`no deadline ${deadline}: deploy the release that knows it, or declare it withdrawn`);
  }
}

/** What a stream looks like with everything that was overdue, and what must be recorded for that. */
export interface Overdue<State> {
  readonly firings: readonly Firing[];
  readonly after: Anticipated<State>;
}

/** The deadlines of one decider's streams, as its command handler needs them. */
export class StreamDues<State> {
  /** Whether its dues fire here. */
  readonly fires: boolean;
  private readonly none: boolean;

  constructor(
    private readonly decider: Decider<State, never>,
    private readonly handling: DueHandling,
  ) {
    const { deadlines, dues, lastEventIsState } = decider;
    const kinds = Object.values(deadlines ?? {});
    this.none = kinds.length === 0;
    const byCommand = kinds.some(({ fire }) => fire === 'by-command');
    this.fires = !this.none && !byCommand;
    if (this.none && dues === undefined) return;
    if (lastEventIsState === true)
      throw new TypeError('a stream whose last event is its state has no deadlines');
    if (byCommand && kinds.some(isFiring)) {
      throw new TypeError('the deadlines of a stream all fire by command, or none does');
    }
  }

  /** @throws UnknownDeadlineError for a deadline that only newer code can have scheduled */
  assertKnown({ name }: RecordedDue): void {
    if (!Object.hasOwn(this.decider.deadlines ?? {}, name)) throw new UnknownDeadlineError(name);
  }

  /** What was due before an instant and is not settled, in order of due. */
  overdue(stream: string, folded: FoldedStream<State>, now: EpochMillis, origin: Origin): Overdue<State> {
    const start: Anticipated<State> = folded;
    if (!this.fires || folded.agenda.isEmpty) return { firings: [], after: start };
    const recordedAt = toInstant(now);
    return settleOverdue(this.decider, start, {
      stream,
      before: now,
      limit: MOST_AT_ONCE,
      asRecorded: (due) => {
        const commandId = this.commandIdOf(due);
        const command = { commandId, actor: DEADLINES_ACTOR, origin: originOfFiring(origin) };
        return this.asRecorded(stream, recordedAt, command);
      },
    });
  }

  /** What must be recorded with a decision so that the stream's agenda keeps up with it. */
  plan(
    stream: string,
    before: Anticipated<State>,
    { events, dues }: Decision,
    now: EpochMillis,
    meta: Pick<CommandMeta, 'commandId' | 'actor' | 'origin'>,
  ): readonly DecidedEvent[] {
    if (this.none || (events.length === 0 && dues === undefined)) return [];
    const { commandId, actor, origin } = meta;
    const asRecorded = this.asRecorded(stream, toInstant(now), { commandId, actor: actor.id, origin });
    const after = anticipate(this.decider, before, events, asRecorded);
    return planAfter(this.decider, after, { stream, now, origin, asRecorded }, dues).events;
  }

  /** A firing as a command: the same one, whoever fires the due. */
  async commandOf(
    due: Pick<RecordedDue, 'deadlineId' | 'generation'>,
    origin: Origin,
  ): Promise<CommandIdentity> {
    const commandId = this.commandIdOf(due);
    const { deadlineId, generation } = due;
    return {
      commandId,
      requestHmac: this.handling.requestHmac(
        canonicalRequest('FireDeadline', { deadlineId, generation }, undefined),
      ),
      actorAssertion: await this.handling.assertDeadlines(),
      correlationId: commandId,
      causationId: commandId,
      origin: originOfFiring(origin),
    };
  }

  private commandIdOf({ deadlineId, generation }: Pick<RecordedDue, 'deadlineId' | 'generation'>): string {
    return commandIdOfDeadline(this.handling.tenant, deadlineId, generation);
  }

  private asRecorded(
    stream: string,
    recordedAt: string,
    command: { readonly commandId: string; readonly actor: string; readonly origin: Origin },
  ): AsRecorded {
    const { tenant, via } = this.handling;
    return ({ type, data, occurredAt, policies = {} }, revision) =>
      ({
        specversion: '1',
        type,
        tenant,
        stream,
        via,
        recordedAt,
        occurredAt: occurredAt ?? recordedAt,
        ...command,
        correlationId: command.commandId,
        causationId: command.commandId,
        policies,
        data,
        revision,
        // Not known before it is recorded: nothing may be decided by its place in the log.
        position: -1,
        index: null,
      }) as unknown as CurrentEvent;
  }
}

/** What falls due during an import is no part of what is imported; in the demo, time is the demo's. */
export function originOfFiring(origin: Origin): 'live' | 'demo' {
  return origin === 'demo' ? 'demo' : 'live';
}
