import { recordedDeadline, type DomainEvent, type RecordedDeadline } from '@rapport/contracts';
import { HEAP_BYTES, heapBytes, toMillis, type EpochMillis, type SizedOnHeap } from '@rapport/platform';
import { byDue, type RecordedDue } from './due.ts';

/** What was last recorded of a deadline that nothing is pending of. */
interface Settled {
  readonly generation: number;
  /** The last due that fired or was skipped, whatever was scheduled and cancelled since. */
  readonly until: EpochMillis | undefined;
}

interface Pending {
  readonly due: RecordedDue;
  readonly until: EpochMillis | undefined;
}

/** An event that may say something of a deadline. */
type Told = DomainEvent & { readonly policies?: Readonly<Record<string, number>> };

/**
 * The deadlines of one stream, as its events alone tell: what is pending, and what became of the others. Immutable.
 */
export class Agenda implements SizedOnHeap {
  static readonly empty = new Agenda(new Map(), new Map());

  private constructor(
    private readonly pendings: ReadonlyMap<string, Pending>,
    private readonly settled: ReadonlyMap<string, Settled>,
  ) {}

  /** Most streams have none, and share one. */
  [HEAP_BYTES](): number {
    return this === Agenda.empty ? 0 : heapBytes({ pendings: this.pendings, settled: this.settled });
  }

  get isEmpty(): boolean {
    return this.pendings.size === 0;
  }

  /** What is scheduled and neither fired, skipped nor cancelled; in no order. */
  *pending(): Iterable<RecordedDue> {
    for (const { due } of this.pendings.values()) yield due;
  }

  find(name: string, key?: string): RecordedDue | undefined {
    return this.pendings.get(place(name, key))?.due;
  }

  byId(deadlineId: string): RecordedDue | undefined {
    for (const { due } of this.pendings.values()) if (due.deadlineId === deadlineId) return due;
    return undefined;
  }

  /** The first of those that lie before an instant, and that `which` takes. */
  firstBefore(instant: EpochMillis, which: (due: RecordedDue) => boolean): RecordedDue | undefined {
    let first: RecordedDue | undefined;
    for (const { due } of this.pendings.values()) {
      if (due.at >= instant || (first !== undefined && byDue(first, due) < 0) || !which(due)) continue;
      first = due;
    }
    return first;
  }

  /** How often the deadline was scheduled. */
  generation(name: string, key?: string): number {
    const at = place(name, key);
    return this.pendings.get(at)?.due.generation ?? this.settled.get(at)?.generation ?? 0;
  }

  /** The last due of the deadline that fired or was skipped. */
  readonly settledUntil = (name: string, key?: string): EpochMillis | undefined => {
    const at = place(name, key);
    return this.pendings.get(at)?.until ?? this.settled.get(at)?.until;
  };

  /** With what these events say, in order. Copied once for all of them: folding a stream is linear. */
  with(events: Iterable<Told>): Agenda {
    let pendings: Map<string, Pending> | undefined;
    let settled: Map<string, Settled> | undefined;
    for (const event of events) {
      const told = recordedDeadline(event);
      if (told === undefined) continue;
      pendings ??= new Map(this.pendings);
      settled ??= new Map(this.settled);
      take(told, event.policies, pendings, settled);
    }
    return pendings === undefined ? this : new Agenda(pendings, settled!);
  }
}

function take(
  { became, deadline }: RecordedDeadline,
  policies: Readonly<Record<string, number>> | undefined,
  pendings: Map<string, Pending>,
  settled: Map<string, Settled>,
): void {
  const { deadline: name, key, deadlineId, generation, customerId } = deadline;
  const at = place(name, key);
  const due = toMillis(deadline.due);
  const known = pendings.get(at);
  const until = known?.until ?? settled.get(at)?.until;
  if (became === 'scheduled') {
    const { clause, calendar } = deadline;
    settled.delete(at);
    pendings.set(at, {
      until,
      due: {
        name,
        ...(key !== undefined && { key }),
        at: due,
        clause,
        deadlineId,
        generation,
        ...(policies !== undefined && { policies }),
        ...(calendar !== undefined && { calendar }),
        ...(customerId !== undefined && { customerId }),
      },
    });
    return;
  }
  // What became of an earlier schedule says nothing of the one that is pending.
  if (known !== undefined && known.due.generation > generation) return;
  pendings.delete(at);
  settled.set(at, {
    generation: Math.max(generation, settled.get(at)?.generation ?? 0),
    until: became === 'cancelled' ? until : due,
  });
}

function place(name: string, key: string | undefined): string {
  return key === undefined ? name : `${name}\n${key}`;
}
