import {
  type Category,
  type DomainEvent,
  event,
  interactionEvents,
  profileEvents,
  satisfactionEvents,
  streamName,
  ticketEvents,
  uuid5,
} from '@rapport/contracts';
import { toInstant } from '@rapport/platform';

/** An event as a decider makes it, with where and when. */
export interface HistoricalEvent {
  readonly stream: string;
  readonly revision: number;
  readonly customerId: string | undefined;
  readonly occurredAt: string;
  readonly via: string;
  readonly policies: Readonly<Record<string, number>>;
  readonly event: DomainEvent;
}

/** Namespace of every id of the generated history. */
const NAMESPACE = '6b0f7f0a-6a0e-5a55-9d0a-0c7a1f6f3b1d';
const FIRST_DAY = Date.UTC(2024, 10, 1, 1);
const DAY = 86_400_000;
const DAYS = 730;
const DIMENSIONS = [
  'productQuality',
  'responseSpeed',
  'afterSalesSupport',
  'personalisedExperience',
] as const;
const TIER_PATH = ['prospect', 'C', 'B', 'A', 'B', 'A'] as const;

/**
 * Two years of the n-th customer, about 180 events in order of time: per month one or two purchases with the
 * review of standing that each leads to, an interaction, every other month a ticket, each quarter an answer, and now
 * and then another tier or segment. The same n gives the same history.
 */
export function* customerHistory(n: number): Generator<HistoricalEvent> {
  const teller = new Teller(n);
  yield* registered(teller);
  const months = 24;
  for (let month = 0; month < months; month += 1) {
    teller.moveTo(1 + (month * DAYS) / months + (n % 28));
    yield* purchases(teller, month);
    yield* interaction(teller, month);
    if (month % 2 === n % 2) yield* ticket(teller, month);
    if (month % 3 === n % 3) yield* answer(teller, month);
  }
}

/** Keeps time, revisions and ids of one customer. */
class Teller {
  readonly customerId: string;
  private readonly revisions = new Map<string, number>();
  private at = FIRST_DAY;
  private scheduled = 0;

  constructor(readonly n: number) {
    this.customerId = this.id('customer');
    this.moveTo(0);
  }

  id(what: string): string {
    return uuid5(NAMESPACE, `${this.n}/${what}`);
  }

  moveTo(day: number): void {
    this.at = FIRST_DAY + Math.floor(day) * DAY + (this.n % 3_600) * 1000;
  }

  /** Counts the schedules of the customer's review. */
  schedules(): number {
    return (this.scheduled += 1);
  }

  /** Today as a plain date. */
  get today(): string {
    return toInstant(this.at).slice(0, 10);
  }

  inDays(days: number): string {
    return toInstant(this.at + days * DAY);
  }

  tell(category: Category, id: string, via: string, event: DomainEvent, policies = {}): HistoricalEvent {
    const stream = streamName(category, id);
    const revision = (this.revisions.get(stream) ?? -1) + 1;
    this.revisions.set(stream, revision);
    this.at += 1000;
    return {
      stream,
      revision,
      customerId: this.customerId,
      occurredAt: toInstant(this.at),
      via,
      policies,
      event,
    };
  }
}

function* registered(teller: Teller): Generator<HistoricalEvent> {
  const { customerId, n } = teller;
  const contactId = teller.id('contact');
  yield teller.tell(
    'customer',
    customerId,
    'profiles',
    event(profileEvents.CustomerRegistered, {
      customerId,
      kind: n % 10 === 0 ? 'individual' : 'company',
      name: `客户 ${n}`,
      firstCooperationOn: '2022-03-01',
      source: 'referral',
    }),
  );
  yield teller.tell(
    'customer',
    customerId,
    'profiles',
    event(profileEvents.ContactAdded, {
      customerId,
      contactId,
      fullName: `联系人 ${n}`,
      phone: `+86138${String(n % 1e8).padStart(8, '0')}`,
      isDecisionMaker: true,
    }),
  );
}

function* purchases(teller: Teller, month: number): Generator<HistoricalEvent> {
  const { customerId, n } = teller;
  for (let i = 0; i <= (n + month) % 2; i += 1) {
    const year = Number(teller.today.slice(0, 4));
    const refund = (n + month) % 17 === 0 && i === 1;
    const amount = `${refund ? '-' : ''}${1_000 + (n % 90) * 500}.00`;
    const data = {
      customerId,
      purchaseId: teller.id(`purchase/${month}/${i}`),
      purchasedOn: teller.today,
      product: '年度服务',
      amount: { amount, currency: 'CNY', cny: amount },
    };
    yield teller.tell(
      'purchases',
      `${customerId}-${year}`,
      'profiles',
      refund ? event(profileEvents.RefundRecorded, data) : event(profileEvents.PurchaseRecorded, data),
    );
    yield* standing(teller, month, i);
  }
}

function* standing(teller: Teller, month: number, i: number): Generator<HistoricalEvent> {
  const { customerId, n } = teller;
  const effectiveAt = teller.inDays(0);
  const spend = `${(1_000 + (n % 90) * 500) * (month + 1)}.00`;
  if (i === 0 && month % 5 === 0) {
    const [from, to] = [TIER_PATH[month / 5]!, TIER_PATH[month / 5 + 1]!];
    yield teller.tell(
      'standing',
      customerId,
      'profiles',
      event(profileEvents.CustomerTierChanged, {
        customerId,
        from,
        to,
        effectiveAt,
        rule: 'R-020 spend band',
        mode: 'spend-led',
        spendBand: 'B',
        tenureBand: 'A',
        fullYears: 2,
        strategic: false,
        candidate: to,
        knownIndex: 0,
        inputs: { spend365dCny: spend, purchases: month + 1, asOf: teller.today },
      }),
      { tiering: 1 },
    );
  }
  if (i === 0 && month % 4 === 0) {
    yield teller.tell(
      'standing',
      customerId,
      'profiles',
      event(profileEvents.CustomerSegmentChanged, {
        customerId,
        from: month === 0 ? 'none' : 'potential',
        to: 'potential',
        effectiveAt,
        knownIndex: 0,
        rule: 'R-025 default',
        scores: { recency: 5, frequency: 1 + (month % 5), monetary: 1 + (n % 5) },
        inputs: { daysSinceLastPurchase: 0, purchases365d: month + 1, net365dCny: spend },
      }),
      { rfm: 1 },
    );
  }
  yield teller.tell(
    'standing',
    customerId,
    'profiles',
    event(profileEvents.StandingReviewScheduled, {
      customerId,
      deadlineId: teller.id('review'),
      generation: teller.schedules(),
      due: teller.inDays(90),
      clause: 'R-026',
    }),
  );
}

function* interaction(teller: Teller, month: number): Generator<HistoricalEvent> {
  const { customerId } = teller;
  const interactionId = teller.id(`interaction/${month}`);
  yield teller.tell(
    'interaction',
    interactionId,
    'interactions',
    event(interactionEvents.InteractionRecorded, {
      customerId,
      interactionId,
      channel: 'call',
      direction: 'outbound',
      purpose: 'return-visit',
      startedAt: teller.inDays(-0.5),
      endedAt: teller.inDays(-0.49),
      participants: [teller.id('contact')],
      content: '回访了报表导出的使用情况，客户希望月底前支持按部门汇总，并询问续约价格。',
      place: 'remote',
      toDos: [],
      late: false,
      recordedAfterMs: 43_000_000,
    }),
  );
}

function* ticket(teller: Teller, month: number): Generator<HistoricalEvent> {
  const { customerId } = teller;
  const ticketId = teller.id(`ticket/${month}`);
  const of = { customerId, ticketId };
  const tell = (told: DomainEvent) => teller.tell('ticket', ticketId, 'tickets', told);
  yield tell(
    event(ticketEvents.TicketOpened, {
      ...of,
      kind: 'support',
      category: 'usage',
      level: 'L3',
      channel: 'phone',
      subject: '报表导出失败',
      complex: false,
      tier: { value: 'B', index: 0 },
    }),
  );
  yield tell(event(ticketEvents.TicketAcknowledged, { ...of, level: 'L3', category: 'usage' }));
  yield tell(
    event(ticketEvents.TicketResponded, {
      ...of,
      responseId: teller.id(`response/${month}`),
      text: '您好，导出服务的问题已经定位，今天 18:00 前更新。',
    }),
  );
  yield tell(event(ticketEvents.TicketResolved, { ...of, solution: '更新了导出服务，并补上了缺失的汇总。' }));
  yield tell(event(ticketEvents.TicketClosed, of));
}

function* answer(teller: Teller, month: number): Generator<HistoricalEvent> {
  const { customerId, n } = teller;
  const answerId = teller.id(`answer/${month}`);
  const scores = Object.fromEntries(
    DIMENSIONS.map((dimension, d) => [dimension, 1 + ((n + month + d * d) % 5)]),
  );
  const quarter = Math.ceil(Number(teller.today.slice(5, 7)) / 3);
  yield teller.tell(
    'survey',
    answerId,
    'satisfaction',
    event(satisfactionEvents.SurveyAnswered, {
      customerId,
      answerId,
      kind: 'relationship',
      answeredOn: teller.today,
      scores,
      period: `${teller.today.slice(0, 4)}-Q${quarter}`,
      nps: (n + month) % 11,
      comment: '响应比去年快，售后的答复希望再具体一些。',
      tier: { value: 'B', index: 0 },
    }),
  );
}
