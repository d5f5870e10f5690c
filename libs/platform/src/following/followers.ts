import type { MonotonicClock, Timers } from '../clock/clock.ts';
import type { Follower, FollowerKind } from './follower.ts';
import { afterLook, newRecord, standsStill, STILL_MS, type FollowerRecord } from './followerRecord.ts';
import { Look } from './look.ts';

/** Between two looks, in ms: with STILL_MS and the look that it takes to see new work, less than a minute. */
export const LOOK_MS = 5_000;

type Tell = (what: string, facts: Readonly<Record<string, string | number>>) => void;

export interface FollowersPorts {
  readonly clock: MonotonicClock;
  readonly timers: Timers;
  /** Tells whoever is on call. */
  readonly alert: Tell;
  /** Tells that what was alerted is over. */
  readonly inform: Tell;
}

/** How a follower of this process stands, as an operator sees it; ages in ms. */
export interface FollowerStatus {
  readonly kind: FollowerKind;
  readonly name: string;
  /** What lies between it and the head. */
  readonly distance: number;
  /** Since it made progress, or had nothing to do. */
  readonly sinceProgressMs: number;
  /** How long its oldest item has been seen to wait; 0 where none does. */
  readonly oldestWaitingMs: number;
  readonly standsStill: boolean;
  /** Another process does the work. */
  readonly standsBy: boolean;
  /** Age of these figures; undefined where there are none yet. */
  readonly measuredMs: number | undefined;
}

interface Entry {
  readonly follower: Follower;
  record: FollowerRecord;
  lookedAt: number;
  measuring: boolean;
  told: boolean;
}

/**
 * Everything that follows something in this process, looked at every LOOK_MS beside its work. Who stands still with work
 * to do is told once, within a minute, and once when it goes on; so is that followers cannot be measured.
 */
export class Followers {
  private readonly entries = new Set<Entry>();
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private toldUnmeasured = false;

  constructor(private readonly ports: FollowersPorts) {}

  /** To be called where a follower is made. @returns forgets it: it has ended in order */
  register(follower: Follower): () => void {
    const now = this.ports.clock.now();
    const entry = { follower, record: newRecord(now), lookedAt: now, measuring: false, told: false };
    this.entries.add(entry);
    return () => void this.entries.delete(entry);
  }

  /** Looks from now on, until `stop`. */
  start(): void {
    this.running ??= this.run();
  }

  /** Before the followers end: what stops tells nobody. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** All there are, by kind and name. */
  status(): readonly FollowerStatus[] {
    const now = this.ports.clock.now();
    return [...this.entries]
      .map((entry) => statusOf(entry, now))
      .sort((a, b) => (`${a.kind} ${a.name}` < `${b.kind} ${b.name}` ? -1 : 1));
  }

  /** Of one of them; undefined where there is none of this name. */
  statusOf(kind: FollowerKind, name: string): FollowerStatus | undefined {
    for (const entry of this.entries) {
      const { follower } = entry;
      if (follower.kind === kind && follower.name === name) return statusOf(entry, this.ports.clock.now());
    }
    return undefined;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      this.lookAtAll();
      await this.ports.timers.sleep(LOOK_MS, signal).catch(() => undefined);
    }
  }

  /** Nobody is waited for: one that does not answer keeps none of the others from being seen. */
  private lookAtAll(): void {
    const look = new Look();
    for (const entry of this.entries) {
      if (entry.measuring) this.seen(entry, undefined);
      else void this.measure(entry, look);
    }
    this.tellUnmeasured();
  }

  private async measure(entry: Entry, look: Look): Promise<void> {
    entry.measuring = true;
    try {
      this.seen(entry, await entry.follower.progress(look));
    } catch {
      // Told by tellUnmeasured(), once for all and where it lasts.
      this.seen(entry, undefined);
    } finally {
      entry.measuring = false;
    }
  }

  private seen(entry: Entry, progress: Parameters<typeof afterLook>[1]): void {
    const now = this.ports.clock.now();
    const watched = Math.min(now - entry.lookedAt, 2 * LOOK_MS);
    entry.lookedAt = now;
    entry.record = afterLook(entry.record, progress, now, watched);
    const still = standsStill(entry.record);
    if (still === entry.told || this.stopping.signal.aborted || !this.entries.has(entry)) return;
    entry.told = still;
    const { kind, name } = entry.follower;
    const { distance, sinceProgressMs, oldestWaitingMs } = statusOf(entry, now);
    const facts = { kind, follower: name, distance };
    if (!still) return this.ports.inform('follower goes on', facts);
    this.ports.alert('follower stands still', {
      ...facts,
      sinceProgressSeconds: Math.round(sinceProgressMs / 1_000),
      oldestWaitingSeconds: Math.round(oldestWaitingMs / 1_000),
    });
  }

  /** Mostly the log's head cannot be asked for, which is one fault and one alert. */
  private tellUnmeasured(): void {
    const unmeasured = [...this.entries].filter(({ record }) => record.unmeasuredMs >= STILL_MS);
    if (unmeasured.length > 0 === this.toldUnmeasured) return;
    this.toldUnmeasured = unmeasured.length > 0;
    const [first] = unmeasured;
    if (first === undefined) return this.ports.inform('followers can be measured again', {});
    const { kind, name } = first.follower;
    this.ports.alert('followers cannot be measured', { followers: unmeasured.length, kind, follower: name });
  }
}

function statusOf({ follower, record }: Entry, now: number): FollowerStatus {
  const { distance, progressAt, ahead, standsBy, measuredAt } = record;
  return {
    kind: follower.kind,
    name: follower.name,
    distance,
    sinceProgressMs: distance > 0 ? now - progressAt : 0,
    oldestWaitingMs: ahead.length > 0 ? now - ahead[0]!.at : 0,
    standsStill: standsStill(record),
    standsBy,
    measuredMs: measuredAt === undefined ? undefined : now - measuredAt,
  };
}
