import {
  commandIdOfReaction,
  derivedId,
  ledgerEvents,
  streamName,
  type DataOf,
  type JsonValue,
  type RecordedEvent,
} from '@rapport/contracts';
import { Problem } from '@rapport/platform';
import { commandHandling, type ServiceRuntime } from '../service/serviceRuntime.ts';
import { systemMeta } from '../service/systemActor.ts';
import { reactionDecider, type ReactionState } from './reactionDecider.ts';
import { CommandHandler } from '../commandHandling/commandHandler.ts';
import type { Reaction } from './reaction.ts';

type Advanced = DataOf<typeof ledgerEvents.ReactionAdvanced>;

/** Without a trigger the position is recorded only every so many events: it is then a saving, not a promise. */
const QUIET_EVENTS = 5_000;
const SIDE_BY_SIDE = 32;

/**
 * Runs one reaction: follows the log from the recorded position, reacts, records the position reached. The
 * position's stream is also the fence: of two runners the one that finds another's position there gives up its
 * batch and goes on from that.
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
    this.handler = new CommandHandler(commandHandling(runtime, via), reactionDecider, 1);
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
        for await (const events of this.runtime.ledger.follow(from, signal)) {
          if (!(await this.take(events))) break;
          this.moved(events.at(-1)!.position);
          pause = 100;
        }
      } catch (error) {
        if (signal.aborted) return;
        this.runtime.alert('reaction failed', {
          reaction: this.reaction.name,
          error: error instanceof Problem ? error.kind : error instanceof Error ? error.name : typeof error,
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
  private async take(events: readonly RecordedEvent[]): Promise<boolean> {
    const last = events.at(-1)!;
    const { state, revision } = await this.handler.peek(this.stream);
    const latest = new Map<string, RecordedEvent>();
    for (const event of events) {
      if (this.reaction.triggers.includes(event.type)) latest.set(this.reaction.key(event), event);
    }
    if (latest.size === 0 && last.position - state.throughPosition < QUIET_EVENTS) return true;
    const waiting = [...latest.values()];
    while (waiting.length > 0) {
      await Promise.all(waiting.splice(0, SIDE_BY_SIDE).map((event) => this.react(event)));
    }
    const index = events.findLast((event) => event.index !== null)?.index ?? state.throughIndex;
    return this.advance(revision, last.position, index);
  }

  private async react(event: RecordedEvent): Promise<void> {
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
      String(throughPosition),
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
