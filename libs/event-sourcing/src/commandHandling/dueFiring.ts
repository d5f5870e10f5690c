import type { Origin } from '@rapport/contracts';
import { Problem, toMillis, type Clock, type EpochMillis } from '@rapport/platform';
import type { FireOutcome, FireRequest } from '../deadlines/fireRequest.ts';
import type { Firing } from '../deadlines/settleOverdue.ts';
import type { RecordResult } from '../ledger/ledger.ts';
import { ledgerIsBehind } from './clockBehind.ts';
import { conflictsGoOn } from './conflictsGoOn.ts';
import type { StreamCache } from './streamCache.ts';
import type { StreamDues } from './streamDues.ts';

/** Firings of one append: a message holds them. More are recorded in several appends, in order of due. */
export const FIRED_TOGETHER = 50;

const MAX_ATTEMPTS = 8;

type RecordFirings = (
  stream: string,
  expectedRevision: number,
  firings: readonly Firing[],
  origin: Origin,
) => Promise<RecordResult>;

/** What became of a due, and the ledger's clock where that is what makes it early. */
export interface Fired extends FireOutcome {
  readonly clock?: EpochMillis;
}

/** Fires dues without a command beside them. For one caller of a stream at a time. */
export class DueFiring<State> {
  constructor(
    private readonly cache: StreamCache<State>,
    private readonly dues: StreamDues<State>,
    readonly clock: Clock,
    private readonly recordFirings: RecordFirings,
  ) {}

  /** @throws UnknownDeadlineError for a deadline of newer code; Problem as the ledger refuses */
  async fire({ stream, deadlineId, generation, origin }: FireRequest): Promise<Fired> {
    let folded = this.cache.get(stream);
    let fresh = false;
    let clock: EpochMillis | undefined;
    let fired = -1;
    for (let attempts = 0; attempts < MAX_ATTEMPTS;) {
      if (folded === undefined) {
        folded = await this.cache.refresh(stream);
        fresh = true;
      }
      const due = folded.agenda.byId(deadlineId);
      if (due?.generation !== generation) {
        if (fired >= 0) return { outcome: 'fired', position: fired };
        // Seen from here it may just not have been scheduled yet; that it was settled never turns wrong.
        if (fresh || (due?.generation ?? 0) > generation) {
          return { outcome: 'settled', position: folded.position };
        }
        folded = undefined;
        continue;
      }
      this.dues.assertKnown(due);
      const { firings } = this.dues.overdue(stream, folded, clock ?? this.clock.now(), origin);
      const through = firings.findIndex((one) => one.due.deadlineId === deadlineId);
      if (through < 0) return { outcome: 'early', position: -1, ...(clock !== undefined && { clock }) };
      const together = firings.slice(0, Math.min(through + 1, FIRED_TOGETHER));
      const result = await this.recordFirings(stream, folded.revision, together, origin);
      if (result.outcome === 'rejected') {
        // What fires has passed by this clock: where the ledger's is behind, it has not passed by that.
        if (result.clock === undefined) throw new Problem(result.problem);
        // Another replica of the ledger, further behind: nothing is wrong with the due.
        if (clock !== undefined) throw ledgerIsBehind(toMillis(result.clock), this);
        clock = toMillis(result.clock);
      } else if (result.outcome === 'conflict' || result.repeated) {
        attempts += 1;
        folded = undefined;
      } else {
        folded = this.cache.append(stream, folded, result.events);
        fired = folded.position;
      }
    }
    throw conflictsGoOn();
  }
}
