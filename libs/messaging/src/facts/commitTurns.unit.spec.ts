import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Acknowledgement, CommitTurns, type Outgoing } from './commitTurns.ts';

const LIMITS = { messages: 4, bytes: 1_000 };

describe('the turns of commits', () => {
  it('publishes alone what comes alone, and together what comes meanwhile, the last one held back', () => {
    const turns = new CommitTurns<string>(10, LIMITS);
    expect(turns.add('a', 1)).toEqual([{ item: 'a', lastSequence: 10, batch: undefined }]);
    expect(turns.add('b', 1)).toEqual([]);
    expect(turns.add('c', 1)).toEqual([
      { item: 'b', lastSequence: 11, batch: { number: 2, place: 1, commit: false } },
    ]);
    expect(turns.acknowledge({ kind: 'stored', sequence: 11 })).toEqual([
      { item: 'c', lastSequence: undefined, batch: { number: 2, place: 2, commit: true } },
    ]);
    expect(turns).toMatchObject({ stored: 11, inFlight: 2 });
    expect(turns.acknowledge({ kind: 'stored', sequence: 11 })).toEqual([]);
    turns.acknowledge({ kind: 'stored', sequence: 13 });
    expect(turns).toMatchObject({ stored: 13, inFlight: 0, ended: undefined });
  });

  it.each<[string, Acknowledgement, boolean]>([
    ['refuses', { kind: 'refused', reason: 'wrong last sequence' }, true],
    ['acknowledges a place that is not ours', { kind: 'stored', sequence: 12 }, false],
  ])('sends nothing more once the server %s', (_, answer, refused) => {
    const turns = new CommitTurns<string>(10, LIMITS);
    turns.add('a', 1);
    turns.add('b', 1);
    expect(turns.acknowledge(answer)).toEqual([]);
    expect(turns.ended).toBeDefined();
    expect(turns).toMatchObject({ refused, hasRoom: false });
    expect(turns.acknowledge({ kind: 'stored', sequence: 11 })).toEqual([]);
    expect(() => turns.add('c', 1)).toThrow('full');
  });
});

/** A stream as JetStream keeps it: atomic batches, the expected last sequence, ids known for a while. */
class ModelStream {
  readonly messages: string[] = [];
  readonly #known = new Map<string, number>();
  readonly #staged = new Map<string, { items: string[]; lastSequence: number | undefined }>();

  receive(publisher: number, { item, lastSequence, batch }: Outgoing<string>): Acknowledgement | undefined {
    if (batch === undefined) {
      const known = this.#known.get(item);
      if (known !== undefined) return { kind: 'stored', sequence: known };
      return this.#store([item], lastSequence);
    }
    const key = `${publisher}/${batch.number}`;
    const staged = this.#staged.get(key) ?? { items: [], lastSequence };
    this.#staged.set(key, staged);
    if (staged.items.length !== batch.place - 1) return { kind: 'refused', reason: 'incomplete' };
    staged.items.push(item);
    if (!batch.commit) return undefined;
    this.#staged.delete(key);
    if (staged.items.some((id) => this.#known.has(id))) return { kind: 'refused', reason: 'duplicate' };
    return this.#store(staged.items, staged.lastSequence);
  }

  #store(items: readonly string[], lastSequence: number | undefined): Acknowledgement {
    if (lastSequence !== this.messages.length) return { kind: 'refused', reason: 'wrong last sequence' };
    for (const item of items) {
      this.messages.push(item);
      this.#known.set(item, this.messages.length);
    }
    return { kind: 'stored', sequence: this.messages.length };
  }

  foreign(): void {
    this.messages.push('foreign');
  }

  /** The server comes back with an older state, from which it knows its ids again. */
  loseTail(messages: number): void {
    this.messages.length = Math.max(0, this.messages.length - messages);
    this.forget();
    this.messages.forEach((item, at) => this.#known.set(item, at + 1));
  }

  /** The duplicate window has passed. */
  forget(): void {
    this.#known.clear();
  }
}

const eventAt = (index: number) => `event ${index}`;

/** A relay as the real one goes about it: reads the end, checks it, publishes, begins again when it ended. */
class ModelRelay {
  #turns: CommitTurns<string> | undefined;
  #next = 0;
  #sessions = 0;
  stopped = false;
  /** Messages on their way to the stream, in order; and answers on their way back, which may be lost or doubled. */
  readonly outbox: { session: number; message: Outgoing<string> }[] = [];
  readonly inbox: { session: number; answer: Acknowledgement }[] = [];

  constructor(
    private readonly stream: ModelStream,
    private readonly number: number,
  ) {}

  readEnd(): void {
    if (this.stopped) return;
    const { messages } = this.stream;
    if (messages.length > 0 && messages.at(-1) !== eventAt(messages.length - 1)) {
      this.stopped = true;
      return;
    }
    this.#sessions += 1;
    this.#turns = new CommitTurns(messages.length, LIMITS);
    this.#next = messages.length;
  }

  publish(): void {
    if (this.stopped) return;
    if (this.#turns === undefined || this.#turns.ended !== undefined) return this.readEnd();
    if (!this.#turns.hasRoom) return;
    this.#send(this.#turns.add(eventAt(this.#next), 1));
    this.#next += 1;
  }

  deliver(): void {
    const sent = this.outbox.shift();
    if (sent === undefined) return;
    const answer = this.stream.receive(this.number * 1_000 + sent.session, sent.message);
    if (answer !== undefined) this.inbox.push({ session: sent.session, answer });
  }

  /** An answer to an earlier session goes nowhere: each session has an inbox of its own. */
  answer(at: number, copies: number): void {
    const [found] = this.inbox.splice(at % Math.max(1, this.inbox.length), 1);
    if (found === undefined || found.session !== this.#sessions) return;
    for (let n = 0; n < copies; n += 1) this.#send(this.#turns!.acknowledge(found.answer));
  }

  #send(messages: readonly Outgoing<string>[]): void {
    this.outbox.push(...messages.map((message) => ({ session: this.#sessions, message })));
  }
}

const step = fc.record({
  relay: fc.constantFrom(0, 0, 0, 0, 0, 1, 1, 2),
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constant('publish') },
    { weight: 8, arbitrary: fc.constant('deliver') },
    { weight: 6, arbitrary: fc.constant('answer') },
    { weight: 1, arbitrary: fc.constant('late or lost') },
    { weight: 1, arbitrary: fc.constant('read end') },
    { weight: 1, arbitrary: fc.constantFrom('lose tail', 'forget') },
  ),
  n: fc.nat(6),
});

function run(steps: readonly { relay: number; kind: string; n: number }[], foreignAt?: number): ModelStream {
  const stream = new ModelStream();
  const relays = [0, 1, 2].map((number) => new ModelRelay(stream, number));
  steps.forEach(({ relay: which, kind, n }, at) => {
    const relay = relays[which]!;
    if (at === foreignAt) stream.foreign();
    if (kind === 'publish') relay.publish();
    if (kind === 'deliver') relay.deliver();
    if (kind === 'answer') relay.answer(0, 1 + (n % 2));
    if (kind === 'late or lost') relay.answer(n, n % 3);
    if (kind === 'read end') relay.readEnd();
    if (kind === 'lose tail' && foreignAt === undefined) stream.loseTail(n);
    if (kind === 'forget') stream.forget();
    if (foreignAt === undefined)
      expect(stream.messages).toEqual(stream.messages.map((_, index) => eventAt(index)));
  });
  if (foreignAt === undefined) return stream;
  // Whoever looks again stops; nothing was published behind the foreign message.
  for (const relay of relays) relay.readEnd();
  return stream;
}

describe('three relays and a stream, as a model', () => {
  it('hold the log, dense and each event once, through every order of publishes, losses and answers', () => {
    let longest = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 100, maxLength: 900, size: 'max' }), (steps) => {
        longest = Math.max(longest, run(steps).messages.length);
      }),
      { numRuns: 60, endOnFailure: true },
    );
    expect(longest).toBeGreaterThan(20);
  });

  it('publish nothing behind a foreign message, wherever it comes in between', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 100, maxLength: 900, size: 'max' }),
        fc.nat(800),
        (steps, at) => {
          const { messages } = run(steps, Math.min(at, steps.length - 1));
          const foreign = messages.indexOf('foreign');
          expect(foreign).toBe(messages.length - 1);
          expect(messages.slice(0, foreign)).toEqual(
            messages.slice(0, foreign).map((_, index) => eventAt(index)),
          );
        },
      ),
      { numRuns: 60, endOnFailure: true },
    );
  });
});
