import type { CurrentEvent } from '@rapport/contracts';
import type { EventLog } from '../runner/eventLog.ts';

/** What a test says of an event; the rest is filled in. */
export interface TestEvent {
  readonly type: string;
  readonly customer: string;
  readonly n?: number;
  /** Not counted: has a position, but no index. */
  readonly uncounted?: boolean;
}

/** A log in an array, with gaps between positions. */
export class ArrayLog implements EventLog {
  readonly events: CurrentEvent[] = [];
  private index = -1;
  private changed: (() => void)[] = [];

  constructor(
    readonly logId = 'log-1',
    private readonly batchSize = 100,
    /** Hands out batches twice, as a careless transport might. */
    private readonly twice = false,
  ) {}

  append(...events: readonly TestEvent[]): void {
    for (const { type, customer, n = 0, uncounted = false } of events) {
      const place = this.events.length;
      this.events.push({
        specversion: '1',
        type: `crm.profiles.${type}`,
        version: 1,
        tenant: 'main',
        stream: `${uncounted ? 'checkpoint' : 'customer'}-${customer}`,
        occurredAt: '2026-05-01T00:00:00.000Z',
        recordedAt: '2026-05-01T00:00:00.000Z',
        origin: 'live',
        actor: 'tester',
        via: 'profiles',
        commandId: `command-${place}`,
        requestHmac: '',
        correlationId: '',
        causationId: '',
        policies: {},
        data: { customer, n },
        id: `event-${place}`,
        position: place * 10 + 3,
        index: uncounted ? null : ++this.index,
        revision: place,
      } as unknown as CurrentEvent);
    }
    for (const wake of this.changed.splice(0)) wake();
  }

  async *follow(after: number, signal: AbortSignal): AsyncIterable<readonly CurrentEvent[]> {
    let at = after;
    while (!signal.aborted) {
      const batch = this.events.filter(({ position }) => position > at).slice(0, this.batchSize);
      if (batch.length > 0) {
        at = batch.at(-1)!.position;
        yield batch;
        if (this.twice && !signal.aborted) yield batch;
        continue;
      }
      await new Promise<void>((resolve) => {
        const go = (): void => {
          signal.removeEventListener('abort', go);
          resolve();
        };
        this.changed.push(go);
        signal.addEventListener('abort', go);
      });
    }
  }

  async readCounted(fromIndex: number, limit: number): Promise<readonly CurrentEvent[]> {
    const counted = this.events.filter(({ index }) => index !== null && index >= fromIndex);
    return counted.slice(0, Math.min(limit, this.batchSize));
  }

  async head(): Promise<{ position: number; index: number }> {
    return { position: this.events.at(-1)?.position ?? -1, index: this.index };
  }
}
