import type { CurrentEvent } from '@rapport/contracts';
import type { EventLog, LogEvent } from '../runner/eventLog.ts';
import type { FieldOpener, Projection } from '../projection.ts';
import type { DocumentWrite, ViewCollection, ViewDefinition, ViewStore } from '../viewStore.ts';
import { ViewStoreError } from '../viewStoreError.ts';
import { dataOf, tierProjection } from './tierProjection.ts';

/** Amounts of purchases with which something goes wrong, for as long as nobody has repaired it. */
export const POISON = { keys: 21, opener: 22, fold: 23, store: 24, event: 25 } as const;

/** Breaks everything that a poison event or document may break, until it is repaired. */
export class Poison {
  repaired = false;
  /** Repaired before the others. */
  readonly repairedAmounts = new Set<number>();

  /** How the store refuses a document: `refused` surely, `invalid` and `unexpected` as real engines do. */
  constructor(private readonly refusal: ViewStoreError['failure'] = 'invalid') {}

  readonly projection: Projection = {
    ...tierProjection,
    opens: { 'crm.profiles.Purchased': ['n'] },
    counts: [{ by: ['spend'], sum: ['spend'] }, { by: [] }],
    keys: (event) => {
      this.strike(event, POISON.keys, () => new RangeError('whose is it?'));
      return tierProjection.keys(event);
    },
    fold: (body, event, key) => {
      this.strike(event, POISON.fold, () => new TypeError('private details'));
      return tierProjection.fold(body, event, key);
    },
  };

  readonly opener: FieldOpener = {
    open: (event) => {
      this.strike(event, POISON.opener, () => new SyntaxError('authentication failed'));
      return event;
    },
  };

  /** The same log, of which this release cannot read every event. */
  log(log: EventLog): EventLog {
    const seen = (event: LogEvent): LogEvent =>
      'data' in event && this.strikes(event, POISON.event)
        ? { ...event, unreadable: 'unknown-version', asStored: event }
        : event;
    return {
      logId: log.logId,
      head: () => log.head(),
      readCounted: async (from, limit) => (await log.readCounted(from, limit)).map(seen),
      async *follow(after, signal, wanted) {
        for await (const page of log.follow(after, signal, wanted)) yield page.map(seen);
      },
    };
  }

  /** The same store, which refuses some documents: with the others of their batch partly written. */
  store(store: ViewStore): ViewStore {
    const open = async (definition: ViewDefinition): Promise<ViewCollection> => {
      const collection = await store.open(definition);
      return new Proxy(collection, {
        get: (target, name) => {
          if (name === 'write') return (documents: readonly DocumentWrite[]) => this.write(target, documents);
          const member: unknown = Reflect.get(target, name);
          return typeof member === 'function' ? (member.bind(target) as unknown) : member;
        },
      });
    };
    return new Proxy(store, {
      get: (target, name) => {
        if (name === 'open') return open;
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
  }

  private async write(collection: ViewCollection, documents: readonly DocumentWrite[]) {
    const place = documents.findIndex(({ body }) => this.refuses(body?.['history']));
    if (place < 0) return collection.write(documents);
    await collection.write(documents.slice(0, place));
    throw new ViewStoreError(this.refusal, 'not this one');
  }

  private refuses(history: unknown): boolean {
    return (
      !this.repaired && (history as string[] | undefined)?.includes(`purchased ${POISON.store}`) === true
    );
  }

  private strike(event: CurrentEvent, amount: number, error: () => Error): void {
    if (this.strikes(event, amount)) throw error();
  }

  private strikes(event: CurrentEvent, amount: number): boolean {
    if (this.repaired || this.repairedAmounts.has(amount)) return false;
    return event.type === 'crm.profiles.Purchased' && dataOf(event).n === amount;
  }
}
