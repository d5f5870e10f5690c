import {
  canonicalJson,
  commandIdOfReaction,
  derivedId,
  isUnreadable,
  ledgerEvents,
  streamName,
  type CurrentEvent,
  type DataOf,
  type JsonValue,
  type ReadEvent,
  type UnreadableEvent,
} from '@rapport/contracts';
import { Problem } from '@rapport/platform';
import { UnreadableStream } from '../ledger/unreadableStream.ts';
import { unreadableFacts } from '../service/followingAlerts.ts';
import { commandHandling, type ServiceRuntime } from '../service/serviceRuntime.ts';
import { systemMeta } from '../service/systemActor.ts';
import { reactionDecider, type ParkedReaction, type ReactionState } from './reactionDecider.ts';
import { CommandHandler } from '../commandHandling/commandHandler.ts';
import type { Reaction } from './reaction.ts';

type Advanced = DataOf<typeof ledgerEvents.ReactionAdvanced>;

/** Without a trigger the position is recorded only every so many events: it is then a saving, not a promise. */
const QUIET_EVENTS = 5_000;
const SIDE_BY_SIDE = 32;

/** A key that fails this often in a row, with growing pauses, is parked; about three seconds. */
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 100;

/** What goes away by itself: the whole reaction waits for it, nothing is parked. */
const TRANSIENT: ReadonlySet<string> = new Set(['unavailable', 'revision-conflict', 'too-many-requests']);

/** What became of the keys of a batch. */
interface Outcome {
  readonly parked: ParkedReaction[];
  readonly unparked: string[];
}

/**
 * Runs one reaction: follows the log from the recorded position, reacts, records the position reached. The
 * position's stream is also the fence: of two runners the one that finds another's position there gives up its
 * batch and goes on from that.
 *
 * A key whose event cannot be reacted to is parked in the same record, with an alert, and lets others go on; it is
 * tried again at every start and with every later event of the key.
 */
export class ReactionRunner {
  private readonly stream: string;
  private readonly handler: CommandHandler<ReactionState, Advanced>;
  private readonly abort = new AbortController();
  private done: Promise<void> = Promise.resolve();
  private processed = -1;
  private waiters: { readonly position: number; readonly resolve: () => void }[] = [];

  constructor(
    private readonly runtime: ServiceRuntime,
    via: string,
    private readonly reaction: Reaction,
  ) {
    this.stream = streamName('reaction', `${reaction.name}-${reaction.version}`);
    this.handler = new CommandHandler(commandHandling(runtime, via), reactionDecider);
  }

  start(): void {
    this.done = this.run();
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.done;
  }

  /** Resolves when everything up to a position has been reacted to. */
  caughtUp(position: number): Promise<void> {
    if (this.processed >= position) return Promise.resolve();
    return new Promise((resolve) => this.waiters.push({ position, resolve }));
  }

  private moved(position: number): void {
    this.processed = Math.max(this.processed, position);
    for (const waiter of this.waiters) if (waiter.position <= this.processed) waiter.resolve();
    this.waiters = this.waiters.filter((waiter) => waiter.position > this.processed);
  }

  private async run(): Promise<void> {
    const { signal } = this.abort;
    for (let pause = 100; !signal.aborted; pause = Math.min(pause * 2, 10_000)) {
      try {
        const from = await this.recordedPosition();
        this.moved(from);
        await this.retryParked();
        for await (const events of this.runtime.ledger.follow(from, signal)) {
          if (!(await this.take(events))) break;
          this.moved(events.at(-1)!.position);
          pause = 100;
        }
      } catch (error) {
        if (signal.aborted) return;
        this.runtime.alert('reaction failed', {
          reaction: this.reaction.name,
          error: reasonOf(error),
        });
      }
      await this.runtime.timers.sleep(pause, signal).catch(() => undefined);
    }
  }

  private async recordedPosition(): Promise<number> {
    const { revision, state } = await this.handler.load(this.stream);
    if (revision >= 0) return state.throughPosition;
    const start =
      this.reaction.startsAt === 'head' ? await this.runtime.ledger.head() : { position: -1, index: -1 };
    if (await this.advance(-1, start.position, start.index)) return start.position;
    // Another runner recorded its start in this moment. Going on from here would skip what lies between the two.
    return (await this.handler.load(this.stream)).state.throughPosition;
  }

  /** @returns false when another runner has recorded a position: start again from there */
  private async take(events: readonly ReadEvent[]): Promise<boolean> {
    const last = events.at(-1)!;
    const { state, revision } = await this.handler.peek(this.stream);
    const latest = new Map<string, CurrentEvent>();
    const unreadable: UnreadableEvent[] = [];
    for (const event of events) {
      if (!this.reaction.triggers.includes(event.type)) continue;
      if (isUnreadable(event)) unreadable.push(event);
      else latest.set(this.reaction.key(event), event);
    }
    const quiet = latest.size === 0 && unreadable.length === 0;
    if (quiet && last.position - state.throughPosition < QUIET_EVENTS) return true;
    const outcome = await this.reactAll(latest, state);
    for (const event of unreadable) outcome.parked.push(this.parkUnread(event));
    const index = events.findLast((event) => event.index !== null)?.index ?? state.throughIndex;
    return this.advance(revision, last.position, index, waitingAfter(state, outcome));
  }

  /** What it would follow from cannot be told: it waits under the name of its stream for a release that reads it. */
  private parkUnread(event: UnreadableEvent): ParkedReaction {
    const { stream, revision, unreadable } = event;
    this.runtime.alert('reaction parked', { reaction: this.reaction.name, ...unreadableFacts(event) });
    return { key: stream, stream, revision, reason: unreadable };
  }

  private async retryParked(): Promise<void> {
    const { state, revision } = await this.handler.load(this.stream);
    if (state.parked.size === 0) return;
    const events = new Map<string, CurrentEvent>();
    for (const { key, stream, revision: at } of state.parked.values()) {
      const event = await this.parkedEvent(stream, at);
      if (event !== undefined) events.set(key, event);
    }
    const { unparked } = await this.reactAll(events, state);
    if (unparked.length === 0) return;
    const waiting = waitingAfter(state, { parked: [], unparked });
    await this.advance(revision, state.throughPosition, state.throughIndex, waiting);
  }

  /** Undefined while it cannot be read. */
  private async parkedEvent(stream: string, revision: number): Promise<CurrentEvent | undefined> {
    try {
      return (await this.runtime.ledger.readStream(stream, revision, 1))[0];
    } catch (error) {
      if (error instanceof UnreadableStream) return undefined;
      throw error;
    }
  }

  private async reactAll(
    events: ReadonlyMap<string, CurrentEvent>,
    { parked }: ReactionState,
  ): Promise<Outcome> {
    const outcome: Outcome = { parked: [], unparked: [] };
    const waiting = [...events];
    while (waiting.length > 0) {
      const together = waiting.splice(0, SIDE_BY_SIDE);
      await Promise.all(
        together.map(async ([key, event]) => {
          const reason = await this.attempt(event);
          if (reason === undefined) {
            if (parked.has(key)) outcome.unparked.push(key);
            return;
          }
          outcome.parked.push({ key, stream: event.stream, revision: event.revision, reason });
          this.runtime.alert('reaction parked', {
            reaction: this.reaction.name,
            stream: event.stream,
            reason,
          });
        }),
      );
    }
    return outcome;
  }

  /** @returns why the event cannot be reacted to; undefined when it was */
  private async attempt(event: CurrentEvent): Promise<string | undefined> {
    const { signal } = this.abort;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.react(event);
        return undefined;
      } catch (error) {
        if (signal.aborted || (error instanceof Problem && TRANSIENT.has(error.kind))) throw error;
        const reason = reasonOf(error);
        // What cannot be read does not become readable by itself.
        if (attempt === ATTEMPTS || error instanceof UnreadableStream) return reason;
        this.runtime.alert('reaction failed', { reaction: this.reaction.name, error: reason });
        await this.runtime.timers.sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1), signal);
      }
    }
  }

  private async react(event: CurrentEvent): Promise<void> {
    const { name, version } = this.reaction;
    await this.reaction.react(event, (step) =>
      systemMeta(this.runtime, `system-${name}`, {
        commandId: commandIdOfReaction(this.runtime.tenant, name, version, event.id, step),
        correlationId: event.correlationId,
        causationId: event.id,
        origin: event.origin,
      }),
    );
  }

  private async advance(
    revision: number,
    throughPosition: number,
    throughIndex: number,
    parked: readonly ParkedReaction[] = [],
  ): Promise<boolean> {
    const { name: reaction, version } = this.reaction;
    const command: Advanced = {
      reaction,
      version,
      throughPosition,
      throughIndex,
      ...(parked.length > 0 && { parked: [...parked] }),
    };
    const commandId = derivedId(
      commandIdOfReaction(this.runtime.tenant, reaction, version, String(revision), 'advance'),
      // Two runners may come to different outcomes for one batch: those are different commands.
      canonicalJson(command as unknown as JsonValue),
    );
    const meta = await systemMeta(this.runtime, `system-${reaction}`, {
      commandId,
      correlationId: commandId,
      causationId: commandId,
    });
    try {
      const request = { name: 'reaction.Advance', payload: command as unknown as JsonValue };
      const { repeated } = await this.handler.handle(
        this.stream,
        command,
        { ...meta, ifRevision: revision },
        { request },
      );
      // Another runner recorded this very position, and may be further by now.
      return !repeated;
    } catch (error) {
      if (error instanceof Problem && error.kind === 'precondition-failed') return false;
      throw error;
    }
  }
}

/** Every key that waits after a batch. */
function waitingAfter(before: ReactionState, { parked, unparked }: Outcome): readonly ParkedReaction[] {
  const waiting = new Map(before.parked);
  for (const key of unparked) waiting.delete(key);
  for (const entry of parked) waiting.set(entry.key, entry);
  return [...waiting.values()];
}

/** Kind or type of an error; never its message, which may hold personal data. */
function reasonOf(error: unknown): string {
  if (error instanceof Problem) return error.kind;
  return error instanceof Error ? error.name : typeof error;
}
