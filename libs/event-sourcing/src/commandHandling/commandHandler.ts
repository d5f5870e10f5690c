import {
  EVENTS,
  writtenForm,
  type CurrentEvent,
  type EventVersion,
  type JsonValue,
  type WriteFormats,
} from '@rapport/contracts';
import {
  notBegun,
  Problem,
  type Backlog,
  type CacheBudget,
  type Clock,
  type RecordedPlace,
} from '@rapport/platform';
import { KeysUnavailable, type EventData, type SealingContext } from '@rapport/privacy';
import type { Decider, Decision, DecidedEvent } from '../decider/decider.ts';
import type { Ledger, ProposedEvent, ProposedWrite } from '../ledger/ledger.ts';
import { canonicalRequest } from './canonicalRequest.ts';
import { CommandQueue } from './commandQueue.ts';
import type { CommandMeta } from './commandMeta.ts';
import { emptyFold, foldedStreamBytes, type FoldedStream } from './foldedStream.ts';
import type { PlainEventGate } from './plainEventGate.ts';
import type { RememberedCommand } from './rememberedCommands.ts';
import { StreamCache } from './streamCache.ts';

/** Seals the classified fields of an event's data, creating keys where there are none. */
export interface EventSealer {
  /** @throws Problem where whose field it is was erased */
  seal(definition: EventVersion, data: EventData, context: SealingContext): JsonValue | Promise<JsonValue>;
}

/** What a service's command handlers share. */
export interface CommandHandling {
  readonly tenant: string;
  /** Name of the service, recorded as `via`. */
  readonly via: string;
  readonly ledger: Ledger;
  readonly sealer: EventSealer;
  readonly gate: PlainEventGate;
  readonly clock: Clock;
  /** What waits for streams in this process. */
  readonly backlog: Backlog;
  /** What is written while releases roll out; default: what is current. */
  readonly writeFormats?: WriteFormats;
  /** Keyed HMAC of the canonical request, base64url. */
  readonly requestHmac: (request: string) => string;
  /** Where folded streams are kept. */
  readonly caches: CacheBudget;
}

export interface HandleOptions<Command = never> {
  /** The command as sent: what its HMAC covers. */
  readonly request: { readonly name: string; readonly payload: JsonValue };
  /**
   * `stream`: the stream is new with this command, nothing is loaded first. `part`: it adds something of its own id to
   * a stream. Either way it records something, or says since when that stands: «no events» is never its success.
   */
  readonly creates?: 'stream' | 'part';
  /**
   * Makes the command anew whenever it is decided again: for commands that carry what other streams said, such
   * as the revision at which a companion is written. It must read those streams at their heads.
   */
  readonly renew?: () => Promise<Command>;
}

export interface CommandOutcome<State> {
  /** The command's stored events of its own stream; empty when it changed nothing. */
  readonly events: readonly CurrentEvent[];
  /** It had been recorded before, and this is its answer again. */
  readonly repeated: boolean;
  /** Position of the last event that the answer rests on; -1 for none. */
  readonly position: number;
  /** Revision of its stream after the command: the ETag. */
  readonly revision: number;
  readonly state: State;
}

const MAX_ATTEMPTS = 8;

/**
 * Decides commands on one kind of stream (contract.md, «The command»): fold, decide, seal, propose at the exact
 * revision, again on conflict. Commands on one stream wait for each other; a decision that refuses or changes
 * nothing is made again on the stream's head before it is answered.
 *
 * Errors: whatever `decide` throws; `idempotency-key-reused`, `precondition-failed`, `revision-conflict` after
 * eight conflicts in a row, `unavailable`.
 */
export class CommandHandler<State, Command> {
  private readonly queue: CommandQueue;
  private readonly cache: StreamCache<State>;

  constructor(
    private readonly handling: CommandHandling,
    private readonly decider: Decider<State, Command>,
  ) {
    const { ledger, caches } = handling;
    const folds = caches.shelf<FoldedStream<State>>('foldedStreams', foldedStreamBytes);
    this.queue = new CommandQueue(handling.backlog);
    this.cache = new StreamCache(ledger, decider, folds);
  }

  /** The stream as stored, at its head. */
  load(stream: string): Promise<FoldedStream<State>> {
    return this.cache.refresh(stream);
  }

  /** The stream as last seen by this process, read where it was not yet; may be behind the store. */
  peek(stream: string): Promise<FoldedStream<State>> {
    return this.cache.recall(stream);
  }

  async handle(
    stream: string,
    command: Command,
    meta: CommandMeta,
    options: HandleOptions<Command>,
  ): Promise<CommandOutcome<State>> {
    const { name, payload } = options.request;
    const hmac = this.handling.requestHmac(canonicalRequest(name, payload, meta.ifRevision));
    try {
      return await this.queue.run(stream, meta.wanted, () =>
        this.attempt(stream, command, meta, hmac, options),
      );
    } catch (error) {
      throw error instanceof KeysUnavailable ? nothingSealed(error) : error;
    }
  }

  private async attempt(
    stream: string,
    first: Command,
    meta: CommandMeta,
    requestHmac: string,
    { creates, renew }: HandleOptions<Command>,
  ): Promise<CommandOutcome<State>> {
    let command = first;
    // The state, and what the command carries of other streams, are as stored: only then a refusal is an answer.
    let fresh = false;
    let again = false;
    let folded = this.cache.get(stream);
    // A creating command that its stream has forgotten is still in the log: proposing it as new finds it there.
    if (creates === 'stream' && folded?.commands.has(meta.commandId) !== true)
      folded = emptyFold(this.decider);
    for (let attempts = 0; attempts < MAX_ATTEMPTS;) {
      if (folded === undefined) {
        if (again && renew !== undefined) command = await renew();
        folded = await this.cache.refresh(stream);
        fresh = again || renew === undefined;
      }
      const known = folded.commands.get(meta.commandId);
      if (known !== undefined) return this.answerAgain(stream, folded, meta.commandId, known, requestHmac);

      const decided = this.decide(command, folded, meta);
      if ('standsSince' in decided && decided.standsSince !== undefined) {
        return this.answerStanding(stream, folded, decided.standsSince, meta.commandId, requestHmac);
      }
      if ('refused' in decided || decided.events.length + (decided.companions?.length ?? 0) === 0) {
        if (!fresh) {
          folded = undefined;
          again = true;
          continue;
        }
        if ('refused' in decided) throw decided.refused;
        if (creates !== undefined) throw new TypeError(`${meta.commandId} creates and decided nothing`);
        return {
          events: [],
          repeated: false,
          position: folded.position,
          revision: folded.revision,
          state: folded.state,
        };
      }

      attempts += 1;
      let writes: readonly ProposedWrite[];
      try {
        writes = await this.sealedWrites(stream, folded.revision, decided, meta);
      } catch (refused) {
        if (!(refused instanceof Problem)) throw refused;
        return this.answerUnsealable(stream, folded.revision, meta.commandId, requestHmac, refused);
      }
      // From here on it is the ledger's, and is finished whoever waits for it.
      if (meta.wanted?.() === false) throw this.leave();
      const result = await this.propose(writes, meta, requestHmac);
      if (result.outcome === 'rejected') throw new Problem(result.problem);
      if (result.outcome === 'recorded') {
        if (result.repeated) return this.answerRepeat(stream, result.events, requestHmac);
        const own = result.events.filter((stored) => stored.stream === stream);
        const after = own.length === 0 ? folded : this.cache.append(stream, folded, own);
        return {
          events: own,
          repeated: false,
          position: result.events.at(-1)!.position,
          revision: after.revision,
          state: after.state,
        };
      }
      this.refuseForCompanions(decided, result.streams);
      folded = undefined;
      again = true;
    }
    throw new Problem({
      kind: 'revision-conflict',
      detail: 'Others changed the same record at the same time. Load it again and repeat the request.',
      retryAfter: 1,
    });
  }

  private leave(): Problem {
    this.handling.backlog.abandon();
    return notBegun('before it was recorded');
  }

  private decide(
    command: Command,
    folded: FoldedStream<State>,
    meta: CommandMeta,
  ): Decision | { refused: unknown } {
    if (meta.ifRevision !== undefined && meta.ifRevision !== folded.revision) {
      return {
        refused: new Problem({
          kind: 'precondition-failed',
          detail: `The record is at revision ${folded.revision}, not ${meta.ifRevision}. Load it again.`,
          errors: [{ field: 'If-Match', message: 'is not the current ETag' }],
        }),
      };
    }
    try {
      const decision = this.decider.decide(command, folded.state, {
        now: this.handling.clock.now(),
        commandId: meta.commandId,
        actor: meta.actor,
        origin: meta.origin,
      });
      return Array.isArray(decision) ? { events: decision } : (decision as Decision);
    } catch (refused) {
      return { refused };
    }
  }

  private async sealedWrites(
    stream: string,
    expectedRevision: number,
    decision: Decision,
    meta: CommandMeta,
  ): Promise<readonly ProposedWrite[]> {
    const writes: ProposedWrite[] = [];
    // Its own stream last: the position of the answer is then the same when its stored events answer again.
    for (const write of [
      ...(decision.companions ?? []),
      { stream, expectedRevision, events: decision.events },
    ]) {
      const events: ProposedEvent[] = [];
      for (const [n, decided] of write.events.entries()) {
        const revision = write.expectedRevision + 1 + n;
        events.push(await this.seal(write.stream, revision, decided, meta));
      }
      writes.push({ stream: write.stream, expectedRevision: write.expectedRevision, events });
    }
    return writes;
  }

  private propose(
    writes: readonly ProposedWrite[],
    meta: CommandMeta,
    requestHmac: string,
  ): ReturnType<Ledger['record']> {
    return this.handling.ledger.record({
      commandId: meta.commandId,
      requestHmac,
      actorAssertion: meta.actorAssertion,
      via: this.handling.via,
      correlationId: meta.correlationId,
      causationId: meta.causationId,
      origin: meta.origin,
      writes,
    });
  }

  /** @param revision at which the event stands once it is stored; on a conflict it is decided and sealed anew */
  private async seal(
    stream: string,
    revision: number,
    decided: DecidedEvent,
    meta: CommandMeta,
  ): Promise<ProposedEvent> {
    const definition = EVENTS.get(decided.type);
    if (definition === undefined) throw new TypeError(`${decided.type} is not defined in contracts`);
    const { tenant, gate, sealer, writeFormats } = this.handling;
    gate.check(definition, decided.data);
    const { version, data } = writtenForm(definition, decided.data as JsonValue, writeFormats);
    if (version !== definition) gate.check(version, data);
    const sealing = sealer.seal(version, data as EventData, {
      tenant,
      stream,
      commandId: meta.commandId,
      revision,
    });
    const occurredAt = decided.occurredAt ?? meta.occurredAt;
    const { customerId } = decided.data as { customerId?: string };
    return {
      type: version.type,
      version: version.version,
      ...(occurredAt !== undefined && { occurredAt }),
      ...(customerId !== undefined && { customerId }),
      ...(decided.policies !== undefined && { policies: decided.policies }),
      data: sealing instanceof Promise ? await sealing : sealing,
    };
  }

  private refuseForCompanions(decision: Decision, streams: readonly { stream: string }[]): void {
    for (const { stream } of streams) {
      const refusal = decision.companions?.find((companion) => companion.stream === stream)?.refusal;
      if (refusal !== undefined) throw refusal();
    }
  }

  private async answerAgain(
    stream: string,
    folded: FoldedStream<State>,
    commandId: string,
    known: RememberedCommand,
    requestHmac: string,
  ): Promise<CommandOutcome<State>> {
    if (known.requestHmac !== requestHmac) throw reusedKey({ stream, revision: known.first });
    const { ledger } = this.handling;
    const events = await ledger.readStream(stream, known.first, known.last - known.first + 1);
    return answer(
      folded,
      events.filter((stored) => stored.commandId === commandId),
    );
  }

  /** The stream has forgotten the command that gave this id, and the log has not (contract.md, «The command»). */
  private async answerStanding(
    stream: string,
    folded: FoldedStream<State>,
    revision: number,
    commandId: string,
    requestHmac: string,
  ): Promise<CommandOutcome<State>> {
    const [created] = await this.handling.ledger.readStream(stream, revision, 1);
    if (created?.commandId !== commandId || created.requestHmac !== requestHmac) {
      throw reusedKey({ stream, revision });
    }
    return answer(folded, [created]);
  }

  /**
   * Whoever it names was erased: nothing can be sealed for them, so it can't be proposed and found that way. What the
   * command recorded before the erasure is its answer all the same.
   */
  private async answerUnsealable(
    stream: string,
    revision: number,
    commandId: string,
    requestHmac: string,
    refused: Problem,
  ): Promise<CommandOutcome<State>> {
    const since = await this.handling.ledger.readStream(stream, revision + 1);
    const recorded = since.filter((stored) => stored.commandId === commandId);
    if (recorded.length === 0) throw refused;
    return this.answerRepeat(stream, recorded, requestHmac);
  }

  /** The ledger found the command in the log: another replica, or a lost answer, recorded it before. */
  private async answerRepeat(
    stream: string,
    stored: readonly CurrentEvent[],
    requestHmac: string,
  ): Promise<CommandOutcome<State>> {
    const other = stored.find((event) => event.requestHmac !== requestHmac);
    if (other !== undefined) throw reusedKey(other);
    const folded = await this.cache.refresh(stream);
    return answer(
      folded,
      stored.filter((event) => event.stream === stream),
    );
  }
}

function answer<State>(folded: FoldedStream<State>, events: readonly CurrentEvent[]): CommandOutcome<State> {
  const last = events.at(-1);
  return {
    events,
    repeated: true,
    position: last?.position ?? folded.position,
    revision: last?.revision ?? folded.revision,
    state: folded.state,
  };
}

function nothingSealed(cause: KeysUnavailable): Problem {
  return new Problem(
    {
      kind: 'unavailable',
      detail:
        'The key store does not answer. Nothing was recorded; repeat the request with the same Idempotency-Key.',
      retryAfter: 2,
    },
    { cause },
  );
}

/** @param recorded what the key's first request recorded */
function reusedKey({ stream, revision }: RecordedPlace): Problem {
  return new Problem({
    kind: 'idempotency-key-reused',
    detail: 'This Idempotency-Key was used for another request. Use a new key for a new request.',
    errors: [{ field: 'Idempotency-Key', message: 'was used with another body' }],
    recorded: { stream, revision },
  });
}
