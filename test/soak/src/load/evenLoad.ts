import { systemMonotonicClock, systemTimers, type MonotonicClock, type Timers } from '@rapport/platform';
import type { NextRequest } from '../mix/nextRequest.ts';
import type { CustomerBase } from '../mix/customerBase.ts';
import type { SoakRequest } from '../mix/request.ts';
import type { Seeded } from '../mix/seeded.ts';
import { SENT_TWICE } from '../mix/weights.ts';
import type { HttpSender, Outcome } from './httpSender.ts';
import type { ImportTally } from './importTally.ts';
import type { Journal } from './journal.ts';
import type { Latencies } from './latencies.ts';

/** Requests under way beyond which others wait: as a connection pool would let them. */
const MOST_UNDER_WAY = 400;
/** Before the second try; doubled before each further one, so that those who wait do not keep a full service full. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
/** For how long one request is sent again: longer than anything here is away. */
const PATIENCE_MS = 300_000;
const IDLE_MS = 60_000;
const POLL_MS = 20;

export interface LoadParts {
  readonly next: NextRequest;
  readonly base: CustomerBase;
  readonly random: Seeded;
  readonly sender: HttpSender;
  readonly journal: Journal;
  readonly imports: ImportTally;
  readonly latencies: Latencies;
  /** Default: the system's. */
  readonly clock?: MonotonicClock;
  readonly timers?: Timers;
}

/** How requests ended so far. */
export interface LoadCounts {
  /** Good answers. */
  answered: number;
  /** Tries without an answer, or with 503 or 429: each was sent again. */
  unanswered: number;
  /** By status, kind and the rule or problem: refusals, which a well-behaved user does not meet. */
  readonly refused: Map<string, number>;
}

/**
 * Sends requests at an even rate, whether or not earlier ones are answered (an open model). A latency counts from the
 * moment at which its request was due. Without an answer the outcome is unknown: the same request goes out again under the
 * same key until one comes, as a good client does.
 */
export class EvenLoad {
  readonly counts: LoadCounts = { answered: 0, unanswered: 0, refused: new Map() };
  /** What no user may ever see. */
  readonly faults: string[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private stopped = false;

  private readonly clock: MonotonicClock;
  private readonly timers: Timers;

  constructor(private readonly parts: LoadParts) {
    const { clock = systemMonotonicClock, timers = systemTimers } = parts;
    this.clock = clock;
    this.timers = timers;
  }

  /** Requests that are not over. */
  get waiting(): number {
    return this.underWay.size;
  }

  /** Sends until `ms` are over, or it is stopped. */
  async run(ms: number, perSecond: number): Promise<void> {
    const start = this.clock.now();
    for (let n = 0; !this.stopped; n += 1) {
      const due = start + (n * 1_000) / perSecond;
      await this.until(Math.min(due, start + ms));
      if (due >= start + ms) return;
      while (this.underWay.size >= MOST_UNDER_WAY) await Promise.race(this.underWay);
      this.begin(this.parts.next.draw(), due);
    }
  }

  private async until(moment: number): Promise<void> {
    const early = moment - this.clock.now();
    if (early > 0) await this.timers.sleep(early);
  }

  /** As many as are answered by so many clients, for `ms`. @returns good answers a second */
  async closedLoop(ms: number, clients: number): Promise<number> {
    const start = this.clock.now();
    const before = this.counts.answered;
    const client = async (): Promise<void> => {
      while (this.clock.now() < start + ms) {
        await this.carryOut(this.parts.next.draw(), this.clock.now());
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    return ((this.counts.answered - before) * 1_000) / (this.clock.now() - start);
  }

  /** Sends one request besides. */
  begin(request: SoakRequest, due = this.clock.now()): void {
    const carriedOut = this.carryOut(request, due).finally(() => this.underWay.delete(carriedOut));
    this.underWay.add(carriedOut);
  }

  /** Begins nothing more; resolves when everything is answered, or given up. */
  async settle(): Promise<void> {
    this.stopped = true;
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  /** Resolves when nothing is under way. @returns false where that takes longer than a minute */
  async idle(): Promise<boolean> {
    for (const end = this.clock.now() + IDLE_MS; this.underWay.size > 0;) {
      if (this.clock.now() > end) return false;
      await this.timers.sleep(POLL_MS);
    }
    return true;
  }

  private async carryOut(request: SoakRequest, due: number): Promise<void> {
    const { sender, random } = this.parts;
    const copies = request.group === 'command' && random.fraction() < SENT_TWICE ? 2 : 1;
    const sent = await Promise.all(Array.from({ length: copies }, () => sender.send(request)));
    const finals = sent.flatMap((outcome) => finalOf(outcome) ?? []);
    this.compare(request, finals);
    let [final, last, tries] = [finals[0], sent[0]!, copies];
    let pause = FIRST_PAUSE_MS;
    for (const end = this.clock.now() + PATIENCE_MS; final === undefined; final = finalOf(last)) {
      this.counts.unanswered += 1;
      if (this.clock.now() > end) {
        return void this.faults.push(`${request.kind} ${request.key} was never answered`);
      }
      const asked = last.answered ? last.retryAfterMs : undefined;
      await this.timers.sleep(Math.max(asked ?? 0, pause));
      pause = Math.min(LONGEST_PAUSE_MS, 2 * pause);
      last = await sender.send(request);
      tries += 1;
    }
    this.end(request, final, { tries, again: tries > copies, ms: this.clock.now() - due });
  }

  /** Two answers to one command name the same thing. */
  private compare({ kind, key }: SoakRequest, answers: readonly Final[]): void {
    const ids = new Set(answers.filter(({ status }) => status < 300).map(({ body }) => body['id']));
    if (ids.size > 1) this.faults.push(`${kind} ${key} was answered twice: ${[...ids].join(', ')}`);
  }

  private end(request: SoakRequest, { status, body }: Final, { tries, again, ms }: Ending): void {
    const { base, journal, imports, latencies } = this.parts;
    const { kind, group, role, method, path, key, effect } = request;
    const good = status >= 200 && status < 300;
    if (group === 'command') {
      const id = typeof body['id'] === 'string' ? body['id'] : undefined;
      journal.add({
        kind,
        role,
        method,
        path,
        key: key!,
        status,
        ...(id && { id }),
        ...(effect && { effect }),
        tries,
      });
    }
    if (good) {
      this.counts.answered += 1;
      // What had to be sent again waited for a process that was away: that is counted, and timed apart.
      latencies.record(ms, ...(again ? [`all ${group}, sent again`] : [kind, `all ${group}`]));
      if (group === 'import') imports.add(request, body);
      if (typeof body['position'] === 'string') base.lastPosition = body['position'];
      request.answered?.(body);
    } else {
      if (status >= 500) this.faults.push(`${kind} ${key ?? path} was answered ${status}`);
      const reason = body['rule'] ?? String(body['type']).split(':').at(-1);
      const refusal = `${status} ${kind}: ${String(reason)}`;
      this.counts.refused.set(refusal, (this.counts.refused.get(refusal) ?? 0) + 1);
    }
  }
}

interface Ending {
  readonly tries: number;
  /** It had to be sent again. */
  readonly again: boolean;
  /** Since it was due. */
  readonly ms: number;
}

type Final = Extract<Outcome, { answered: true }>;

/** The answer, unless it says to come again. */
function finalOf(outcome: Outcome): Final | undefined {
  return outcome.answered && outcome.status !== 503 && outcome.status !== 429 ? outcome : undefined;
}
