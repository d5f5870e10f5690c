import {
  EVENTS,
  writtenForm,
  type Category,
  type CurrentEvent,
  type EventVersion,
  type JsonValue,
  type Origin,
  type WriteFormats,
} from '@rapport/contracts';
import {
  notBegun,
  Problem,
  type Backlog,
  type CacheBudget,
  type Clock,
  type EpochMillis,
  type RecordedPlace,
} from '@rapport/platform';
import { KeysUnavailable, type EventData, type SealingContext } from '@rapport/privacy';
import type { DeadlineTargets } from '../deadlines/deadlineTargets.ts';
import type { FireOutcome, FireRequest } from '../deadlines/fireRequest.ts';
import type { Firing } from '../deadlines/settleOverdue.ts';
import type { Decider, Decision, DecidedEvent } from '../decider/decider.ts';
import type { CommandIdentity, Ledger, ProposedEvent, ProposedWrite } from '../ledger/ledger.ts';
import { SYSTEM_ROLE } from '../service/systemRole.ts';
import { canonicalRequest } from './canonicalRequest.ts';
import { clockBehind, ledgerIsBehind } from './clockBehind.ts';
import { CommandQueue } from './commandQueue.ts';
import { conflictsGoOn } from './conflictsGoOn.ts';
import type { CommandMeta } from './commandMeta.ts';
import { DueFiring, FIRED_TOGETHER } from './dueFiring.ts';
import { emptyFold, foldedStreamBytes, type FoldedStream } from './foldedStream.ts';
import type { PlainEventGate } from './plainEventGate.ts';
import type { RememberedCommand } from './rememberedCommands.ts';
import { StreamCache } from './streamCache.ts';
import { originOfFiring, StreamDues } from './streamDues.ts';

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
  /** Signs for what recorded dues do by themselves. */
  readonly assertDeadlines: () => Promise<string>;
  /** Who fires the dues of which streams. */
  readonly targets: DeadlineTargets;
  /** Counts the commands of users that are under way in this process. */
  readonly load: { commandsUnderWay: number };
}

export interface HandlerOptions {
  /** Category of its streams: where the decider has deadlines, this handler fires them. */
  readonly category?: Category;
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

/** What a command comes to: what fired before it, its decision, and what keeps the agenda up with that. */
interface Decided extends Decision {
  readonly firings: readonly Firing[];
  readonly planned: readonly DecidedEvent[];
}

/** What is only overdue is left to the sweeper: a command that changes nothing records nothing. */
function changesNothing({ events, companions = [], planned }: Decided): boolean {
  return (
    events.length + planned.length === 0 && companions.every((companion) => companion.events.length === 0)
  );
}

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
  private readonly dues: StreamDues<State>;
  private readonly firing: DueFiring<State>;

  constructor(
    private readonly handling: CommandHandling,
    private readonly decider: Decider<State, Command>,
    { category }: HandlerOptions = {},
  ) {
    const { ledger, caches } = handling;
    const folds = caches.shelf<FoldedStream<State>>('foldedStreams', foldedStreamBytes);
    this.queue = new CommandQueue(handling.backlog);
    this.cache = new StreamCache(ledger, decider, folds);
    this.dues = new StreamDues(decider, handling);
    this.firing = new DueFiring(this.cache, this.dues, handling.clock, (stream, revision, firings, origin) =>
      this.recordFirings(stream, revision, firings, origin),
    );
    if (!this.dues.fires) return;
    if (category === undefined)
      throw new TypeError('a decider with deadlines needs the category of its streams');
    handling.targets.register(category, this);
  }

  /** The stream as stored, at its head. */
  load(stream: string): Promise<FoldedStream<State>> {
    return this.cache.refresh(stream);
  }

  /** The stream as last seen by this process, read where it was not yet; may be behind the store. */
  peek(stream: string): Promise<FoldedStream<State>> {
    return this.cache.recall(stream);
  }

  /**
   * Fires a recorded due, after everything that was overdue before it in its stream, unless a command did so already.
   *
   * @throws what keeps it from firing: then nothing was recorded of it
   */
  async fire(request: FireRequest): Promise<FireOutcome> {
    try {
      return await this.queue.run(request.stream, undefined, () => this.firing.fire(request));
    } catch (error) {
      throw error instanceof KeysUnavailable ? nothingSealed(error) : error;
    }
  }

  async handle(
    stream: string,
    command: Command,
    meta: CommandMeta,
    options: HandleOptions<Command>,
  ): Promise<CommandOutcome<State>> {
    const { name, payload } = options.request;
    const hmac = this.handling.requestHmac(canonicalRequest(name, payload, meta.ifRevision));
    const { load } = this.handling;
    const counted = meta.actor.roles.includes(SYSTEM_ROLE) ? 0 : 1;
    load.commandsUnderWay += counted;
    try {
      return await this.queue.run(stream, meta.wanted, () =>
        this.attempt(stream, command, meta, hmac, options),
      );
    } catch (error) {
      throw error instanceof KeysUnavailable ? nothingSealed(error) : error;
    } finally {
      load.commandsUnderWay -= counted;
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
    let clock: EpochMillis | undefined;
    let { ifRevision } = meta;
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

      const now = clock ?? this.handling.clock.now();
      const decided = this.decide(stream, command, folded, now, { ...meta, ifRevision });
      if ('standsSince' in decided && decided.standsSince !== undefined) {
        return this.answerStanding(stream, folded, decided.standsSince, meta.commandId, requestHmac);
      }
      if ('refused' in decided || changesNothing(decided)) {
        if (!fresh) {
          folded = undefined;
          again = true;
          continue;
        }
        // By its own clock it was decided: only the ledger's says no.
        if ('refused' in decided)
          throw clock === undefined ? decided.refused : ledgerIsBehind(clock, this.handling);
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
      if (decided.firings.length > FIRED_TOGETHER) {
        const { due } = decided.firings.at(-1)!;
        const fired = await this.firing.fire({ ...due, stream, origin: originOfFiring(meta.origin) });
        clock = fired.clock ?? clock;
        // They are no change that another made: If-Match holds as it held before them.
        if (ifRevision === folded.revision) ifRevision = this.cache.get(stream)?.revision;
        folded = undefined;
        continue;
      }
      let writes: readonly ProposedWrite[];
      let firings: readonly CommandIdentity[];
      try {
        firings = await Promise.all(decided.firings.map(({ due }) => this.dues.commandOf(due, meta.origin)));
        writes = await this.sealedWrites(stream, folded.revision, decided, firings, meta);
      } catch (refused) {
        if (!(refused instanceof Problem)) throw refused;
        return this.answerUnsealable(stream, folded.revision, meta.commandId, requestHmac, refused);
      }
      // From here on it is the ledger's, and is finished whoever waits for it.
      if (meta.wanted?.() === false) throw this.leave();
      const result = await this.propose(writes, { ...meta, requestHmac }, firings);
      if (result.outcome === 'rejected') {
        const ledgers = clockBehind(result, writes, this.handling);
        if (ledgers === undefined) throw new Problem(result.problem);
        // Clocks differ: what has happened by the ledger's is decided, what is due later has not passed yet.
        if (clock !== undefined) throw ledgerIsBehind(ledgers, this.handling);
        clock = ledgers;
        continue;
      }
      if (result.outcome === 'recorded') {
        if (result.repeated) return this.answerRepeat(stream, result.events, requestHmac);
        const own = result.events.filter((stored) => stored.stream === stream);
        const after = own.length === 0 ? folded : this.cache.append(stream, folded, own);
        return {
          events: own.filter(({ commandId }) => commandId === meta.commandId),
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
    throw conflictsGoOn();
  }

  private leave(): Problem {
    this.handling.backlog.abandon();
    return notBegun('before it was recorded');
  }

  /** What the command comes to, on a stream in which everything that was overdue has fired. */
  private decide(
    stream: string,
    command: Command,
    folded: FoldedStream<State>,
    now: EpochMillis,
    meta: Omit<CommandMeta, 'ifRevision'> & { readonly ifRevision: number | undefined },
  ): Decided | { refused: unknown } {
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
      const { firings, after } = this.dues.overdue(stream, folded, now, meta.origin);
      const { commandId, actor, origin } = meta;
      const made = this.decider.decide(command, after.state, { now, commandId, actor, origin });
      const decision = Array.isArray(made) ? { events: made } : (made as Decision);
      return { ...decision, firings, planned: this.dues.plan(stream, after, decision, now, meta) };
    } catch (refused) {
      return { refused };
    }
  }

  private async sealedWrites(
    stream: string,
    expectedRevision: number,
    { firings, planned, events: own, companions = [] }: Decided,
    commands: readonly CommandIdentity[],
    meta: CommandMeta,
  ): Promise<readonly ProposedWrite[]> {
    const writes: ProposedWrite[] = [];
    for (const write of companions) {
      const events: ProposedEvent[] = [];
      for (const [n, decided] of write.events.entries()) {
        const revision = write.expectedRevision + 1 + n;
        events.push(await this.seal(write.stream, revision, decided, meta));
      }
      writes.push({ stream: write.stream, expectedRevision: write.expectedRevision, events });
    }
    // Its own stream last: the position of the answer is then the same when its stored events answer again.
    const events = [...(await this.sealedFirings(stream, expectedRevision, firings, commands))];
    for (const decided of [...own, ...planned]) {
      events.push(await this.seal(stream, expectedRevision + 1 + events.length, decided, meta));
    }
    return [...writes, { stream, expectedRevision, events }];
  }

  /** @param commands of the firings, each at the same place */
  private async sealedFirings(
    stream: string,
    expectedRevision: number,
    firings: readonly Firing[],
    commands: readonly CommandIdentity[],
  ): Promise<readonly ProposedEvent[]> {
    const events: ProposedEvent[] = [];
    for (const [firing, { events: decided }] of firings.entries()) {
      for (const event of decided) {
        const revision = expectedRevision + 1 + events.length;
        events.push({ ...(await this.seal(stream, revision, event, commands[firing]!)), firing });
      }
    }
    return events;
  }

  /** Firings alone: the first of them is the request's own command. */
  private async recordFirings(
    stream: string,
    expectedRevision: number,
    firings: readonly Firing[],
    origin: Origin,
  ): ReturnType<Ledger['record']> {
    const [own, ...more] = await Promise.all(firings.map(({ due }) => this.dues.commandOf(due, origin)));
    const sealed = await this.sealedFirings(stream, expectedRevision, firings, [own!, ...more]);
    const events = sealed.map(({ firing, ...event }) => ({
      ...event,
      ...(firing! > 0 && { firing: firing! - 1 }),
    }));
    return this.propose([{ stream, expectedRevision, events }], own!, more);
  }

  private propose(
    writes: readonly ProposedWrite[],
    command: CommandIdentity,
    firings: readonly CommandIdentity[],
  ): ReturnType<Ledger['record']> {
    const { commandId, requestHmac, actorAssertion, correlationId, causationId, origin } = command;
    return this.handling.ledger.record({
      commandId,
      requestHmac,
      actorAssertion,
      via: this.handling.via,
      correlationId,
      causationId,
      origin,
      writes,
      ...(firings.length > 0 && { firings }),
    });
  }

  /** @param revision at which the event stands once it is stored; on a conflict it is decided and sealed anew */
  private async seal(
    stream: string,
    revision: number,
    decided: DecidedEvent,
    meta: Pick<CommandMeta, 'commandId' | 'occurredAt'>,
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

  private refuseForCompanions(
    decision: Pick<Decision, 'companions'>,
    streams: readonly { stream: string }[],
  ): void {
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
