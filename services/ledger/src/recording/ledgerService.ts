import {
  decodeEvent,
  NoEnvelopeError,
  type Actor,
  type CurrentEvent,
  type Origin,
  type ReadEvent,
  type RecordedEvent,
} from '@rapport/contracts';
import {
  allReadable,
  streamEvents,
  type CommandIdentity,
  type Ledger,
  type LogHead,
  type RecordRequest,
  type RecordResult,
  type StoredResult,
} from '@rapport/event-sourcing';
import {
  StoreError,
  type EventStore,
  type RevisionConflict,
  type StoredEvent,
  type StreamWrite,
} from '@rapport/event-store';
import { Problem, toInstant, type Clock, type Timers } from '@rapport/platform';
import { readEvent, readRecorded } from '@rapport/privacy';
import { ofCategories } from './ofCategories.ts';
import { encodeWrite, MAX_EVENT_BYTES, type RecordedCommand } from './envelopes.ts';
import { fromStore, storeProblem, type Alert } from '../storeFailure/storeProblem.ts';
import { AheadOfClock, StoredEventGate } from './storedEventGate.ts';

export interface LedgerOptions {
  readonly tenant: string;
  readonly logId: string;
  readonly store: EventStore;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Verifies who acts. */
  readonly actors: { verify(assertion: string): Promise<Actor> };
  /** Whether this actor may record what did not just happen: imports and the demo only for those entitled. */
  readonly mayRecord: (actor: Actor, origin: Exclude<Origin, 'live'>) => boolean;
  /** Tells the operator. */
  readonly alert: Alert;
}

const ATTEMPTS = 4;

/**
 * The ledger: the only one that writes to the event store. Checks actor, schema, sizes and clocks, appends at
 * the exact revisions, and on a conflict looks for the command in what was stored meanwhile.
 */
export class LedgerService implements Ledger {
  private readonly gate = new StoredEventGate();

  constructor(private readonly options: LedgerOptions) {}

  async record(request: RecordRequest): Promise<RecordResult> {
    const result = await this.recordAsStored(request);
    if (result.outcome !== 'recorded') return result;
    const { outcome, repeated, events } = result;
    return { outcome, repeated, events: allReadable(events.map((event) => readRecorded(event))) };
  }

  /** The same for a process of another release: which versions that one reads, only it knows. */
  async recordAsStored(request: RecordRequest): Promise<StoredResult> {
    let writes: readonly StreamWrite[];
    try {
      const commands: RecordedCommand[] = [];
      for (const command of [request, ...(request.firings ?? [])]) commands.push(await this.verify(command));
      writes = this.encode(request, commands);
    } catch (refused) {
      if (!(refused instanceof Problem)) throw refused;
      const ahead = refused instanceof AheadOfClock && { clock: toInstant(refused.clock) };
      return { outcome: 'rejected', problem: refused.details, ...ahead };
    }
    const result = await this.append(writes);
    if (result.status === 'appended') {
      return { outcome: 'recorded', repeated: false, events: result.events.map(decodeEvent) };
    }
    return this.resolveConflict(request, result.conflicts);
  }

  async readStream(stream: string, fromRevision: number, limit?: number): Promise<readonly CurrentEvent[]> {
    return allReadable((await this.storedStream(stream, fromRevision, limit)).map(readEvent));
  }

  async readLast(stream: string): Promise<CurrentEvent | undefined> {
    const { events } = await this.stored(() =>
      this.options.store.readStream(stream, { direction: 'backwards', limit: 1 }),
    );
    return events[0] === undefined ? undefined : allReadable([readEvent(events[0])])[0];
  }

  async *follow(
    after: number,
    signal: AbortSignal,
    categories?: readonly string[],
    looked?: (position: number) => void,
  ): AsyncIterable<readonly ReadEvent[]> {
    for await (const batch of this.options.store.follow({ after, signal })) {
      const wanted = ofCategories(batch, categories);
      if (wanted.length > 0) yield wanted.map(readEvent);
      looked?.(batch.at(-1)!.position);
    }
  }

  async head(): Promise<LogHead> {
    return { logId: this.options.logId, ...(await this.stored(() => this.options.store.head())) };
  }

  private storedStream(
    stream: string,
    fromRevision: number,
    limit?: number,
  ): Promise<readonly StoredEvent[]> {
    return this.stored(() => streamEvents(this.options.store, stream, fromRevision, limit));
  }

  private stored<T>(work: () => Promise<T>): Promise<T> {
    return fromStore(this.options.alert, work);
  }

  private async verify(command: CommandIdentity): Promise<RecordedCommand> {
    const actor = await this.options.actors.verify(command.actorAssertion);
    if (command.origin !== 'live' && !this.options.mayRecord(actor, command.origin)) {
      throw new Problem({
        kind: 'forbidden',
        detail: `This actor may not record history of origin ${command.origin}.`,
      });
    }
    return { ...command, actor: actor.id };
  }

  private encode(request: RecordRequest, commands: readonly RecordedCommand[]): readonly StreamWrite[] {
    const now = this.options.clock.now();
    const { tenant } = this.options;
    const recorded = { tenant, via: request.via, recordedAt: toInstant(now) };
    return request.writes.map((write) => {
      for (const event of write.events) this.gate.check(write.stream, event, now);
      const encoded = encodeWrite(write, commands, recorded);
      for (const { data, type } of encoded.events) {
        if (data.byteLength > MAX_EVENT_BYTES) {
          throw new Problem({ kind: 'too-large', detail: `${type} has more than ${MAX_EVENT_BYTES} bytes.` });
        }
      }
      return encoded;
    });
  }

  /** Whether an append that failed was stored is unknown: the same bytes with the same ids are sent again. */
  private async append(writes: readonly StreamWrite[]): ReturnType<EventStore['append']> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.options.store.append(writes);
      } catch (error) {
        if (!(error instanceof StoreError) || error.failure !== 'unavailable' || attempt === ATTEMPTS) {
          throw storeProblem(this.options.alert, error);
        }
        await this.options.timers.sleep(50 * 2 ** attempt);
      }
    }
  }

  private async resolveConflict(
    request: RecordRequest,
    conflicts: readonly RevisionConflict[],
  ): Promise<StoredResult> {
    // Also in streams that did not conflict: of a repeat of what stands already, a store may name only the stream
    // that moved beside it, as that of a person who was erased since.
    const moved = new Set(conflicts.map(({ stream }) => stream));
    const searched = request.writes.filter(({ stream, events }) => moved.has(stream) || events.length > 0);
    for (const { stream, expectedRevision } of searched) {
      const since = await this.storedStream(stream, expectedRevision + 1);
      if (ofCommand(since, request.commandId).length > 0) {
        return { outcome: 'recorded', repeated: true, events: await this.eventsOf(request) };
      }
    }
    return {
      outcome: 'conflict',
      streams: conflicts.map(({ stream, actualRevision }) => ({ stream, actualRevision })),
    };
  }

  private async eventsOf(request: RecordRequest): Promise<readonly RecordedEvent[]> {
    const streams = await Promise.all(
      request.writes.map(({ stream, expectedRevision }) => this.storedStream(stream, expectedRevision + 1)),
    );
    return ofCommand(streams.flat(), request.commandId).sort((a, b) => a.position - b.position);
  }
}

/** Those that the command recorded, in whatever version; what is no envelope is nobody's. */
function ofCommand(stored: readonly StoredEvent[], commandId: string): RecordedEvent[] {
  return stored.flatMap((bytes) => {
    try {
      const event = decodeEvent(bytes);
      return event.commandId === commandId ? [event] : [];
    } catch (error) {
      if (error instanceof NoEnvelopeError) return [];
      throw error;
    }
  });
}
