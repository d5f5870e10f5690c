import {
  isUnreadable,
  profileEvents,
  type CurrentEvent,
  type DataOf,
  type ReadEvent,
} from '@rapport/contracts';
import type { CompanionWrite, Ledger } from '@rapport/event-sourcing';
import type { Timers } from '@rapport/platform';
import { customerStream } from '../profilesHandlers.ts';
import { purchasesStream } from '../purchases/purchasesState.ts';
import type { AmountOpener } from './amountOpener.ts';
import { KnownChanges } from './knownChanges.ts';
import type { StandingChange } from './standingChange.ts';
import { standingChangeOf } from './standingChangeOf.ts';

/** Everything recorded about a customer that its standing follows from, and where it was read. */
export interface StandingBasis {
  readonly changes: KnownChanges;
  readonly checks: ReviewChecks;
}

/** That the streams stand where they were read. What is known of purchases is never behind what is known of the profile. */
export interface ReviewChecks {
  readonly profile: CompanionWrite;
  /** None for a customer that has never bought. */
  readonly purchases: readonly CompanionWrite[];
}

/** An event that must be known. */
export type Including = Pick<CurrentEvent, 'stream' | 'revision'>;

/** Followed events that are kept until somebody asks; where there are more, the streams are read instead. */
const MOST_FOLLOWED = 200;
/** Estimated bytes of each, and of what is kept of a stream. */
const FOLLOWED_BYTES = 2_000;
const STREAM_BYTES = 250;
/** After so many amounts others have their turn: opening 100,000 in one go takes more than a second. */
const OPENED_AT_ONCE = 200;

/**
 * What one process knows of one customer: what its streams say about its standing, and up to where each was read. One
 * call at a time; events may be followed at any time.
 */
export class CustomerKnowledge {
  private changes = KnownChanges.of([]);
  /** Last revision taken in, by stream; of every stream that there is. */
  private readonly revisions = new Map<string, number>();
  /** Streams of years that had ended before they were read: nothing enters them any more (purchaseYears.ts). */
  private readonly settled = new Set<string>();
  /** Where purchases are recorded now: the stream of the last year, once there is one. */
  private last: { readonly year: number; readonly stream: string } | undefined;
  private followed: CurrentEvent[] = [];
  /** What is followed does not join on to what was read: the streams must be read. */
  private behind = true;

  constructor(
    private readonly customerId: string,
    private readonly ledger: Pick<Ledger, 'readStream'>,
    private readonly opener: AmountOpener,
    private readonly timers: Pick<Timers, 'sleep'>,
  ) {
    this.revisions.set(customerStream(customerId), -1);
  }

  /** Takes note of an event of one of its streams. */
  follow(event: ReadEvent): void {
    if (this.behind) return;
    // What cannot be read is told to whoever asks, by the ledger.
    if (isUnreadable(event) || this.followed.length >= MOST_FOLLOWED) this.fallBehind();
    else this.followed.push(event);
  }

  /** As far as what was read and followed says; as stored where that is not as far as an event. */
  async known(including?: Including): Promise<StandingBasis> {
    if (!this.behind) await this.takeIn([() => this.followed.splice(0)]);
    return this.behind || !this.has(including) ? this.stored() : this.basis();
  }

  /** As stored. */
  async stored(): Promise<StandingBasis> {
    // What was missed may be of a year that had ended: releases before this one wrote there.
    if (this.behind) this.settled.clear();
    // Whatever is followed from here on joins on to what is read now, or is in it.
    this.behind = false;
    await this.takeIn(this.reads());
    if (this.behind) return this.stored();
    // The customer's stream was read first, so these had ended before they were read.
    for (const stream of this.revisions.keys()) if (stream !== this.last?.stream) this.settled.add(stream);
    return this.basis();
  }

  /** Estimated bytes. */
  get bytes(): number {
    return this.changes.bytes + FOLLOWED_BYTES * this.followed.length + STREAM_BYTES * this.revisions.size;
  }

  private has(event: Including | undefined): boolean {
    return event === undefined || (this.revisions.get(event.stream) ?? -1) >= event.revision;
  }

  /** The customer's stream first: it says which others there are. One after the other, for the sake of memory. */
  private *reads(): Iterable<() => Promise<readonly CurrentEvent[]>> {
    const own = customerStream(this.customerId);
    const read = (stream: string) => () => this.ledger.readStream(stream, this.revisions.get(stream)! + 1);
    yield read(own);
    for (const stream of this.revisions.keys()) {
      if (stream !== own && !this.settled.has(stream)) yield read(stream);
    }
  }

  private openYears(events: readonly CurrentEvent[]): void {
    for (const { type, data } of events) {
      if (type !== profileEvents.PurchaseYearOpened.type) continue;
      const { year } = data as DataOf<typeof profileEvents.PurchaseYearOpened>;
      const stream = purchasesStream(this.customerId, year);
      if (!this.revisions.has(stream)) this.revisions.set(stream, -1);
      if (this.last === undefined || year > this.last.year) this.last = { year, stream };
    }
  }

  /** Takes in what is new of these, all of it or nothing; falls behind where something is missing between, or fails. */
  private async takeIn(
    sources: Iterable<() => readonly CurrentEvent[] | Promise<readonly CurrentEvent[]>>,
  ): Promise<void> {
    const revisions = new Map<string, number>();
    const changes: StandingChange[] = [];
    try {
      for (const source of sources) {
        const events = await source();
        this.openYears(events);
        for (const event of events) {
          const { stream, revision } = event;
          const known = revisions.get(stream) ?? this.revisions.get(stream);
          if (known !== undefined && revision <= known) continue;
          if (known === undefined || revision > known + 1) return this.fallBehind();
          revisions.set(stream, revision);
          const change = await standingChangeOf(event, this.opener);
          if (change === undefined) continue;
          changes.push(change);
          if (changes.length % OPENED_AT_ONCE === 0) await this.timers.sleep(0);
        }
      }
    } catch (error) {
      this.fallBehind();
      throw error;
    }
    changes.sort((x, y) => x.index - y.index);
    this.changes = this.joined(changes);
    for (const [stream, revision] of revisions) this.revisions.set(stream, revision);
  }

  /** Streams are read one after the other, so one may tell later what came before what another told. */
  private joined(changes: readonly StandingChange[]): KnownChanges {
    const before = this.changes.at(this.changes.length - 1)?.index ?? -1;
    if (changes.length === 0 || changes[0]!.index > before) return this.changes.with(changes);
    return KnownChanges.of([...this.changes, ...changes].sort((x, y) => x.index - y.index));
  }

  private fallBehind(): void {
    this.behind = true;
    this.followed = [];
  }

  private basis(): StandingBasis {
    const checked = (stream: string): CompanionWrite => check(stream, this.revisions.get(stream)!);
    return {
      changes: this.changes,
      checks: {
        profile: checked(customerStream(this.customerId)),
        purchases: this.last === undefined ? [] : [checked(this.last.stream)],
      },
    };
  }
}

// Without a refusal: where the stream moved on, the review is decided again on what it says now.
function check(stream: string, expectedRevision: number): CompanionWrite {
  return { stream, expectedRevision, events: [] };
}
