import { setMaxListeners } from 'node:events';
import {
  canonicalJson,
  commandIdOfReaction,
  derivedId,
  isUnreadable,
  ledgerEvents,
  reactionOwner,
  streamName,
  type CurrentEvent,
  type DataOf,
  type JsonValue,
  type ReadEvent,
  type UnreadableEvent,
} from '@rapport/contracts';
import { LogProgress, Problem } from '@rapport/platform';
import { CommandHandler } from '../commandHandling/commandHandler.ts';
import { ParkedKeys } from '../parking/parkedKeys.ts';
import { settleOrPark } from '../parking/settleOrPark.ts';
import { commandHandling, type ServiceRuntime } from '../service/serviceRuntime.ts';
import { systemMeta } from '../service/systemActor.ts';
import { reasonOf } from '../sweeping/transient.ts';
import type { Reaction } from './reaction.ts';
import { reactionDecider, type FormerlyParked, type ReactionState } from './reactionDecider.ts';

type Advanced = DataOf<typeof ledgerEvents.ReactionAdvanced>;

/** Without a trigger the position is recorded only every so many events: it is then a saving, not a promise. */
const QUIET_EVENTS = 5_000;
const SIDE_BY_SIDE = 32;

/**
 * Runs one reaction: follows the log from the recorded position, reacts, records the position reached. The
 * position's stream is also the fence: of two runners the one that finds another's position there gives up its
 * batch and goes on from that.
 *
 * A key whose event cannot be reacted to is parked in a stream of its own, with an alert, and lets others go on
 * (ParkedKeys). What goes away by itself holds up the whole reaction only while nothing succeeds: then the
 * ledger, the store or the keys are unavailable. Where others succeed it is that key's own affair.
 */
export class ReactionRunner {
  private readonly stream: string;
  private readonly handler: CommandHandler<ReactionState, Advanced>;
  private readonly parked: ParkedKeys;
  private readonly abort = new AbortController();
  private done: Promise<void> = Promise.resolve();
  private readonly forget: () => void;
  private readonly far = new LogProgress();
  /** Keys of the batch under way that were reacted to. */
  private settled = 0;
  private processed = -1;
  private waiters: { readonly position: number; readonly resolve: () => void }[] = [];

  constructor(
    private readonly runtime: ServiceRuntime,
    via: string,
    private readonly reaction: Reaction,
  ) {
    // As many wait on it as there are keys side by side.
    setMaxListeners(0, this.abort.signal);
    this.stream = streamName('reaction', `${reaction.name}-${reaction.version}`);
    this.handler = new CommandHandler(commandHandling(runtime, via), reactionDecider);
    const { name, version } = reaction;
    this.forget = runtime.followers.register({
      kind: 'reaction',
      name,
      progress: async (look) => this.far.to(await look.head(runtime.ledger), this.settled),
    });
    this.parked = new ParkedKeys(runtime, via, {
      owner: reactionOwner(name, version),
      kind: 'reaction',
      name,
      retry: ({ stream, revision }) => this.reactTo(stream, revision!),
    });
  }

  start(): void {
    this.done = this.run();
    this.parked.start();
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.parked.stop();
    await this.done;
    this.forget();
  }

  /** Tries every parked key whose time has come. @throws Problem where the view does not answer */
  retryParked(): Promise<void> {
    return this.parked.retry();
  }

  /** Resolves when everything up to a position has been reacted to. */
  caughtUp(position: number): Promise<void> {
    if (this.processed >= position) return Promise.resolve();
    return new Promise((resolve) => this.waiters.push({ position, resolve }));
  }

  private moved(position: number, index?: number | null): void {
    this.far.reached(position, index);
    this.settled = 0;
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
        this.parked.followFrom(from);
        for await (const events of this.runtime.ledger.follow(from, signal)) {
          if (!(await this.take(events))) break;
          this.moved(events.at(-1)!.position, events.findLast(({ index }) => index !== null)?.index);
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
    if (revision >= 0) {
      this.far.reached(state.throughPosition, state.throughIndex);
      await this.moveFormerlyParked(revision, state);
      return state.throughPosition;
    }
    const start =
      this.reaction.startsAt === 'head' ? await this.runtime.ledger.head() : { position: -1, index: -1 };
    if (await this.advance(-1, start.position, start.index)) return start.position;
    // Another runner recorded its start in this moment. Going on from here would skip what lies between the two.
    return (await this.handler.load(this.stream)).state.throughPosition;
  }

  /** Keys in a former record of the position are given places of their own, then a record without them. */
  private async moveFormerlyParked(revision: number, state: ReactionState): Promise<void> {
    if (state.parked.length === 0) return;
    const move = async ({ key, reason, ...event }: FormerlyParked): Promise<void> => {
      // Moved before, and cut off before that was recorded.
      if (!(await this.parked.has(key))) await this.parked.add(key, event, reason);
    };
    for (let n = 0; n < state.parked.length; n += SIDE_BY_SIDE) {
      await Promise.all(state.parked.slice(n, n + SIDE_BY_SIDE).map(move));
    }
    await this.advance(revision, state.throughPosition, state.throughIndex);
  }

  /** @returns false when another runner has recorded a position: start again from there */
  private async take(events: readonly ReadEvent[]): Promise<boolean> {
    this.parked.observe(events);
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
    await this.reactAll(latest);
    for (const event of unreadable) await this.parkUnread(event);
    const index = events.findLast((event) => event.index !== null)?.index ?? state.throughIndex;
    return this.advance(revision, last.position, index);
  }

  /** What it would follow from cannot be told: it waits under the name of its stream for a release that reads it. */
  private async parkUnread(event: UnreadableEvent): Promise<void> {
    const { stream, revision, unreadable } = event;
    await this.parked.inTurn(stream, () => this.parked.add(stream, { stream, revision }, unreadable));
  }

  /** Every one of them has been reacted to, or is parked. @throws what goes away by itself, where nothing succeeds */
  private async reactAll(events: ReadonlyMap<string, CurrentEvent>): Promise<void> {
    const { name: reaction } = this.reaction;
    const work = [...events].map(([key, event]) => ({
      key,
      at: { stream: event.stream, revision: event.revision },
      settle: async () => {
        await this.react(event);
        this.settled += 1;
      },
    }));
    await settleOrPark(this.parked, work, {
      sideBySide: SIDE_BY_SIDE,
      timers: this.runtime.timers,
      signal: this.abort.signal,
      failed: (error) => this.runtime.alert('reaction failed', { reaction, error }),
    });
  }

  private async reactTo(stream: string, revision: number): Promise<void> {
    const [event] = await this.runtime.ledger.readStream(stream, revision, 1);
    if (event !== undefined) await this.react(event);
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

  private async advance(revision: number, throughPosition: number, throughIndex: number): Promise<boolean> {
    const { name: reaction, version } = this.reaction;
    const command: Advanced = { reaction, version, throughPosition, throughIndex };
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
