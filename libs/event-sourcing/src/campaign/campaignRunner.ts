import { setMaxListeners } from 'node:events';
import {
  campaignOwner,
  canonicalJson,
  commandIdOfReaction,
  derivedId,
  isUnreadable,
  streamName,
  type JsonValue,
  type ReadEvent,
} from '@rapport/contracts';
import { Problem, Rounds } from '@rapport/platform';
import { CommandHandler } from '../commandHandling/commandHandler.ts';
import { ParkedKeys } from '../parking/parkedKeys.ts';
import { settleOrPark } from '../parking/settleOrPark.ts';
import { commandHandling, type ServiceRuntime } from '../service/serviceRuntime.ts';
import { systemMeta } from '../service/systemActor.ts';
import { reasonOf } from '../sweeping/transient.ts';
import type { Campaign, CampaignCause } from './campaign.ts';
import { campaignDecider, type CampaignCommand, type CampaignStand } from './campaignDecider.ts';

const SIDE_BY_SIDE = 16;

/** Its position is recorded every so many keys: what a restart does again at most. */
const KEYS_A_RECORD = 500;

/** Between two looks whether another process has begun it, or has stopped, in ms. */
const LOOK_EVERY_MS = 30_000;

/**
 * Goes through a campaign from the recorded position, one key after the other, several side by side; a restart goes on
 * there. A key that fails is parked and keeps no other waiting. One process is at it; another takes over when that has
 * recorded nothing for half a minute. Were both at it, the revision of its record would fence one of them off.
 */
export class CampaignRunner {
  private readonly stream: string;
  private readonly handler: CommandHandler<CampaignStand | undefined, CampaignCommand>;
  private readonly parked: ParkedKeys;
  private readonly abort = new AbortController();
  private readonly rounds = new Rounds();
  private readonly forget: () => void;
  private done: Promise<void> = Promise.resolve();
  private wake = (): void => undefined;
  /** Something was begun that the next look must see at once. */
  private woken = false;
  private atIt = false;
  private waiters: (() => void)[] = [];
  /** Of another process's record, when it was last looked at. */
  private others = -1;

  constructor(
    private readonly runtime: ServiceRuntime,
    via: string,
    private readonly campaign: Campaign,
  ) {
    // As many wait on it as there are keys side by side.
    setMaxListeners(0, this.abort.signal);
    const { name } = campaign;
    const { progress } = this.rounds;
    this.forget = runtime.followers.register({ kind: 'sweeper', name: `campaign ${name}`, progress });
    this.stream = streamName('campaign', name);
    this.handler = new CommandHandler(commandHandling(runtime, via), campaignDecider);
    this.parked = new ParkedKeys(runtime, via, {
      owner: campaignOwner(name),
      kind: 'campaign',
      name,
      retry: async ({ key }) => {
        const { state } = await this.handler.load(this.stream);
        if (state !== undefined) await this.settle(key, state);
      },
    });
  }

  start(): void {
    this.done = this.run();
    this.parked.start();
  }

  async stop(): Promise<void> {
    this.abort.abort();
    this.wake();
    await this.parked.stop();
    await this.done;
    this.forget();
  }

  /**
   * Begins it for this cause; without effect where it was begun for this one or a later one. Resolves once that is
   * recorded, before anything is settled.
   */
  async begin({ id, position }: CampaignCause): Promise<void> {
    for (;;) {
      const { state, revision } = await this.handler.load(this.stream);
      if (state !== undefined && state.causePosition >= position) return;
      const head = await this.runtime.ledger.head();
      const begun = await this.record(revision, {
        do: 'begin',
        campaign: this.campaign.name,
        cause: id,
        causePosition: position,
        toPosition: head.position,
        by: this.runtime.deadlines.options.replica,
      });
      // Where not, another process recorded something in this moment.
      if (begun === undefined) continue;
      this.woken = true;
      this.wake();
      return;
    }
  }

  /** Resolves when this process has gone through everything that it has begun. */
  idle(): Promise<void> {
    return this.woken || this.atIt ? new Promise((resolve) => this.waiters.push(resolve)) : Promise.resolve();
  }

  /** Tries every parked key whose time has come. @throws Problem where the view does not answer */
  retryParked(): Promise<void> {
    return this.parked.retry();
  }

  private async run(): Promise<void> {
    const { signal } = this.abort;
    for (let failures = 0; !signal.aborted;) {
      let pause = LOOK_EVERY_MS;
      this.rounds.begin();
      try {
        this.atIt = true;
        this.woken = false;
        await this.goOn();
        this.rounds.end();
        failures = 0;
        this.atIt = false;
        if (!this.woken) for (const resolve of this.waiters.splice(0)) resolve();
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        pause = Math.min(200 * 2 ** failures, 10_000);
        this.runtime.alert('campaign failed', { campaign: this.campaign.name, error: reasonOf(error) });
      }
      await this.pause(pause);
    }
  }

  private async pause(ms: number): Promise<void> {
    const stop = new AbortController();
    const signal = AbortSignal.any([this.abort.signal, stop.signal]);
    this.wake = () => stop.abort();
    if (!this.woken) await this.runtime.timers.sleep(ms, signal).catch(() => undefined);
  }

  /** Until it is finished, or another process is at it. */
  private async goOn(): Promise<void> {
    const { state: stand, revision } = await this.handler.load(this.stream);
    if (stand === undefined || stand.finished) return;
    if (stand.by !== this.runtime.deadlines.options.replica && this.others !== revision) {
      this.others = revision;
      return;
    }
    await this.campaign.prepare?.();
    await this.goThrough(stand, revision);
  }

  private async goThrough(begun: CampaignStand, from: number): Promise<void> {
    const seen = new Set<string>();
    let revision: number | undefined = from;
    let { settled, parked } = begun;
    let recorded = settled + parked;
    const reading = new AbortController();
    const signal = AbortSignal.any([this.abort.signal, reading.signal]);
    // The campaign's own record lies behind everything that it goes through: with that in sight, nothing is left.
    const categories = [...this.campaign.categories, 'campaign'];
    try {
      const { cause, throughPosition: after, toPosition } = begun;
      if (toPosition <= after) return void (await this.advance(revision, { ...begun, finished: true }));
      for await (const batch of this.runtime.ledger.follow(after, signal, categories)) {
        // A batch may name more than is done between two records.
        for (let n = 0; n < batch.length; n += KEYS_A_RECORD) {
          const events = batch.slice(n, n + KEYS_A_RECORD);
          const done = await this.settleAll(namedIn(events, begun, this.campaign, seen), begun);
          settled += done.settled;
          parked += done.parked;
          const last = events.at(-1)!.position;
          const finished = last >= toPosition;
          if (!finished && settled + parked - recorded < KEYS_A_RECORD) continue;
          recorded = settled + parked;
          const throughPosition = Math.min(last, toPosition);
          revision = await this.advance(revision, { cause, throughPosition, settled, parked, finished });
          this.rounds.step();
          if (revision === undefined || finished) return;
        }
      }
    } finally {
      reading.abort();
    }
  }

  private settleAll(keys: readonly string[], stand: CampaignStand) {
    const { name: campaign } = this.campaign;
    const work = keys.map((key) => ({
      key,
      at: { stream: this.stream },
      settle: () => this.settle(key, stand),
    }));
    return settleOrPark(this.parked, work, {
      sideBySide: SIDE_BY_SIDE,
      timers: this.runtime.timers,
      signal: this.abort.signal,
      failed: (error) => this.runtime.alert('campaign failed', { campaign, error }),
    });
  }

  private settle(key: string, { cause }: CampaignStand): Promise<void> {
    const { name } = this.campaign;
    return this.campaign.settle(key, (step) => {
      const commandId = commandIdOfReaction(
        this.runtime.tenant,
        `campaign-${name}`,
        1,
        cause,
        `${step} ${key}`,
      );
      return systemMeta(this.runtime, `system-${name}`, {
        commandId,
        correlationId: commandId,
        causationId: commandId,
      });
    });
  }

  /** @returns the record's revision; undefined where it was begun anew, or another process is at it */
  private async advance(
    revision: number,
    to: Pick<CampaignStand, 'cause' | 'throughPosition' | 'settled' | 'parked' | 'finished'>,
  ): Promise<number | undefined> {
    const { cause, throughPosition, settled, parked, finished } = to;
    const by = this.runtime.deadlines.options.replica;
    return this.record(revision, { do: 'advance', cause, throughPosition, settled, parked, finished, by });
  }

  /** @returns the record's revision; undefined where the stream is not at this revision, or it says nothing new */
  private async record(revision: number, command: CampaignCommand): Promise<number | undefined> {
    const { name } = this.campaign;
    const payload = command as unknown as JsonValue;
    const commandId = derivedId(
      commandIdOfReaction(this.runtime.tenant, `campaign-${name}`, 1, String(revision), 'record'),
      canonicalJson(payload),
    );
    const meta = await systemMeta(this.runtime, `system-${name}`, {
      commandId,
      correlationId: commandId,
      causationId: commandId,
    });
    try {
      const fenced = { ...meta, ifRevision: revision };
      const request = { name: `campaign.${command.do}`, payload };
      const outcome = await this.handler.handle(this.stream, command, fenced, { request });
      return outcome.events.length > 0 ? outcome.revision : undefined;
    } catch (error) {
      if (error instanceof Problem && error.kind === 'precondition-failed') return undefined;
      throw error;
    }
  }
}

/** Keys that these events name, up to the campaign's end, each once. */
function namedIn(
  events: readonly ReadEvent[],
  { toPosition }: CampaignStand,
  campaign: Campaign,
  seen: Set<string>,
): readonly string[] {
  const keys: string[] = [];
  for (const event of events) {
    if (event.position > toPosition) break;
    // Whose events cannot be read is settled when they can be: its reaction is parked.
    const key = isUnreadable(event) ? undefined : campaign.keyOf(event);
    if (key === undefined || seen.has(key)) continue;
    seen.add(key);
    keys.push(key);
  }
  return keys;
}
