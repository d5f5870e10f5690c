import { profileEvents, type CurrentEvent } from '@rapport/contracts';
import { PROJECTIONS } from '@rapport/service-projector';
import {
  projectionId,
  type DocumentBody,
  type EventLog,
  type ViewCollection,
  type ViewStore,
} from '@rapport/views';

export const LOG_ID = '0f5a7f6e-0000-7000-8000-000000000001';
const TIERS = ['A', 'B', 'C', 'prospect'] as const;
const RULES = ['R-020 spend band', 'R-020 strategic', 'R-026 downgrade waits'] as const;
const TOGETHER = 5_000;

export function customerId(n: number): string {
  return `0f5a7f6e-0000-5000-8000-${String(n).padStart(12, '0')}`;
}

/** Writes the tier documents of so many customers, and the checkpoint that speaks of them. */
export async function writeTierView(views: ViewStore, customers: number): Promise<ViewCollection> {
  const code = PROJECTIONS.find(({ name }) => name === 'tiers')!;
  // The projector's first build of this code.
  const definition = { ...code, version: code.version * 1_000 };
  const collection = await views.open(definition);
  for (let at = 0; at < customers; at += TOGETHER) {
    const documents = Array.from({ length: Math.min(TOGETHER, customers - at) }, (_, n) => ({
      key: customerId(at + n),
      index: at + n,
      body: tierDocument(at + n),
    }));
    await collection.write(documents);
  }
  const id = projectionId(definition);
  await views.control.claimEpoch(id, 'bench', 1);
  await views.control.saveCheckpoint(id, 1, { logId: LOG_ID, index: customers - 1, position: customers - 1 });
  await views.control.release(id, 1);
  await views.switchTo('tiers', definition.version);
  return collection;
}

function tierDocument(n: number): DocumentBody {
  const tier = TIERS[n % 4]!;
  const rule = tier === 'prospect' ? 'R-020 no purchase and no contract yet' : RULES[n % 3]!;
  const at = '2026-03-10T01:00:00.000Z';
  const inputs = { spend365dCny: `${n % 900_000}.00`, purchases: n % 40, asOf: '2026-03-10' };
  const change = { from: 'prospect', to: tier, at, rule, index: n };
  return {
    customerId: customerId(n),
    name: `客户 ${n} 有限公司`,
    tier,
    since: at,
    rule,
    reasons: {
      rule,
      asOf: at,
      mode: 'spend-led',
      candidate: tier,
      inputs,
      policyVersion: 1,
      index: n,
      stream: 's',
    },
    spendFen: (n % 900_000) * 100,
    segment: null,
    segmentReasons: null,
    nextReviewAt: at,
    history: [change, change, change],
  };
}

/** The log behind such a view: it has the customers' events behind it, and grows by tier changes. */
export class GrowingLog implements EventLog {
  readonly logId = LOG_ID;
  private readonly events: CurrentEvent[] = [];
  private wake: (() => void)[] = [];

  constructor(private readonly before: number) {}

  /** A customer's tier changes. @returns position of the event */
  change(n: number): number {
    const position = this.before + this.events.length;
    const to = TIERS[position % 3]!;
    const event = {
      specversion: '1',
      type: profileEvents.CustomerTierChanged.type,
      version: 1,
      tenant: 'main',
      stream: `standing-${customerId(n)}`,
      occurredAt: '2026-03-10T01:00:00.000Z',
      recordedAt: '2026-03-10T01:00:00.000Z',
      origin: 'live',
      actor: 'bench',
      via: 'profiles',
      commandId: `command-${position}`,
      requestHmac: '',
      correlationId: '',
      causationId: '',
      customerId: customerId(n),
      policies: {},
      data: {
        customerId: customerId(n),
        from: 'B',
        to,
        effectiveAt: '2026-03-10T01:00:00.000Z',
        rule: RULES[position % 3]!,
        mode: 'spend-led',
        spendBand: 'A',
        tenureBand: 'A',
        fullYears: 1,
        strategic: false,
        candidate: to,
        inputs: { spend365dCny: '1.00', purchases: 1, asOf: '2026-03-10' },
        knownIndex: position - 1,
      },
      id: `event-${position}`,
      position,
      index: position,
      revision: position,
    } as const;
    this.events.push(event as unknown as CurrentEvent);
    for (const wake of this.wake.splice(0)) wake();
    return position;
  }

  async *follow(after: number, signal: AbortSignal): AsyncIterable<readonly CurrentEvent[]> {
    for (let next = Math.max(0, after + 1 - this.before); !signal.aborted;) {
      const page = this.events.slice(next, next + 1_000);
      next += page.length;
      if (page.length > 0) yield page;
      else await new Promise<void>((resolve) => this.waitFor(resolve, signal));
    }
  }

  async readCounted(fromIndex: number, limit: number): Promise<readonly CurrentEvent[]> {
    return this.events.slice(fromIndex - this.before).slice(0, limit);
  }

  async head(): Promise<{ position: number; index: number }> {
    const position = this.before + this.events.length - 1;
    return { position, index: position };
  }

  private waitFor(resolve: () => void, signal: AbortSignal): void {
    const go = (): void => {
      signal.removeEventListener('abort', go);
      resolve();
    };
    this.wake.push(go);
    signal.addEventListener('abort', go);
  }
}
