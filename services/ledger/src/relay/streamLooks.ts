import { type FactsStream, type FactsStreamLook, factsStreamName, indexOf } from '@rapport/messaging';
import type { RelayAlert } from './relayStatus.ts';

/** A stream that lacks more than this of its size, in bytes, has dropped nothing for want of room. */
const LARGEST_FACT = 1024 * 1024;

/** What may differ at the first look without anybody having changed it: this process is configured anew. */
const CONFIGURED = ['max_bytes', 'num_replicas', 'description', 'metadata'];

/** Compares each look at the stream with the one before: what people must know of settings and of facts that are gone. */
export class StreamLooks {
  #name = '';
  #first = 1;
  #missing = 0;

  /** @param maxBytes what the stream may hold: the oldest facts leave it only when it is full */
  constructor(private readonly maxBytes: number) {}

  take(stream: FactsStream, look: FactsStreamLook): readonly RelayAlert[] {
    const name = factsStreamName(stream);
    const begins = name !== this.#name;
    const changed = look.takenBack.filter((setting) => !begins || !CONFIGURED.includes(setting));
    if (begins) {
      this.#name = name;
      this.#missing = 0;
      // Whether what left it before this process began left it for want of room, only a changed setting can tell.
      this.#first = changed.length > 0 ? 1 : look.firstSequence;
    }
    const lost = this.#lost(stream, look);
    return [
      ...(changed.length > 0 ? [settingsChanged(name, changed)] : []),
      ...(lost.length > 0 ? [factsLost(name, lost)] : []),
    ];
  }

  #lost(
    stream: FactsStream,
    { firstSequence, sequence, messages, bytes }: FactsStreamLook,
  ): readonly string[] {
    const lost: string[] = [];
    const full = this.maxBytes - bytes <= LARGEST_FACT;
    if (firstSequence > this.#first && !full) {
      const [from, to] = [indexOf(stream, this.#first), indexOf(stream, firstSequence - 1)];
      lost.push(`those of index ${from} to ${to}, though it was not full`);
    }
    const missing = sequence - firstSequence + 1 - messages;
    if (missing > this.#missing) {
      const [from, to] = [indexOf(stream, firstSequence), indexOf(stream, sequence)];
      lost.push(`${missing} of those between index ${from} and ${to}`);
    }
    this.#first = firstSequence;
    this.#missing = missing;
    return lost;
  }
}

function settingsChanged(name: string, settings: readonly string[]): RelayAlert {
  return {
    kind: 'changed',
    reason: `settings of stream ${name} were changed, and are taken back: ${settings.join(', ')}`,
    remedy: 'find out who did it as the NATS user operator; no setting of this stream is theirs to change',
  };
}

function factsLost(name: string, lost: readonly string[]): RelayAlert {
  return {
    kind: 'lost',
    reason: `stream ${name} has lost facts: ${lost.join('; ')}`,
    remedy:
      'the log has them, and subscribers may ask the ledger for them; for a stream that has them begin a new ' +
      'generation at 0 (docs/operations.md, "The facts stream")',
  };
}
