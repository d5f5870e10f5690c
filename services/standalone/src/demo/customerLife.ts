import type { SeededRandom } from './seededRandom.ts';
import { HOUR, MINUTE, type PlannedAction } from './plannedAction.ts';
import * as words from './vocabulary.ts';

/** How a demo customer buys: amounts in CNY a purchase, days between purchases, and when it stops. */
export interface Habit {
  readonly name: string;
  readonly share: number;
  readonly amount: readonly [number, number];
  readonly everyDays: readonly [number, number];
  /** Years of cooperation before the demo begins. */
  readonly yearsBefore: readonly [number, number];
  /** Share of the days after which nothing is bought any more. */
  readonly stopsAfter?: number;
  /** Factor by which amounts grow over the two years. */
  readonly growth?: number;
  readonly ticketsAYear: number;
  readonly contactsAYear: number;
}

export const HABITS: readonly Habit[] = [
  {
    name: 'key',
    share: 0.12,
    amount: [90_000, 260_000],
    everyDays: [40, 70],
    yearsBefore: [2, 6],
    ticketsAYear: 6,
    contactsAYear: 26,
  },
  {
    name: 'grown',
    share: 0.1,
    amount: [25_000, 60_000],
    everyDays: [30, 60],
    yearsBefore: [1, 3],
    growth: 4,
    ticketsAYear: 4,
    contactsAYear: 14,
  },
  {
    name: 'steady',
    share: 0.26,
    amount: [18_000, 48_000],
    everyDays: [45, 80],
    yearsBefore: [1, 5],
    ticketsAYear: 3,
    contactsAYear: 12,
  },
  {
    name: 'young',
    share: 0.1,
    amount: [80_000, 200_000],
    everyDays: [60, 110],
    yearsBefore: [0, 0],
    ticketsAYear: 3,
    contactsAYear: 12,
  },
  {
    name: 'small',
    share: 0.2,
    amount: [1_500, 9_000],
    everyDays: [60, 140],
    yearsBefore: [0, 4],
    ticketsAYear: 2,
    contactsAYear: 5,
  },
  {
    name: 'fading',
    share: 0.14,
    amount: [40_000, 160_000],
    everyDays: [35, 70],
    yearsBefore: [2, 6],
    stopsAfter: 0.55,
    ticketsAYear: 3,
    contactsAYear: 8,
  },
  {
    name: 'prospect',
    share: 0.08,
    amount: [0, 0],
    everyDays: [0, 0],
    yearsBefore: [0, 0],
    ticketsAYear: 1,
    contactsAYear: 4,
  },
];

const YEAR = 365;

/** Everything that happens with one demo customer over `days` days. Pure: the same randomness, the same life. */
export function customerLife(n: number, days: number, random: SeededRandom): PlannedAction[] {
  const habit = habitOf(random);
  const lane = `c${n}`;
  const actions: PlannedAction[] = [];
  const born = random.chance(0.6) ? random.between(0, 20) : random.between(21, Math.floor(days * 0.6));
  const add = (
    key: string,
    day: number,
    time: number,
    role: string,
    command: PlannedAction['command'],
    payload: PlannedAction['payload'],
  ): void => {
    if (day < days) actions.push({ key: `${lane}/${key}`, day, time, role, command, lane, payload });
  };

  register(n, habit, born, random, add);
  purchases(lane, habit, born, days, random, add);
  for (const day of spread(habit.contactsAYear, born + 2, days, random)) contact(lane, day, random, add);
  for (const day of spread(habit.ticketsAYear, born + 3, days, random)) ticket(lane, habit, day, random, add);
  if (habit.name !== 'prospect') {
    for (let day = born + random.between(20, 90); day < days; day += random.between(80, 110)) {
      if (random.chance(0.35)) survey(lane, habit, day, random, add);
    }
    if (random.chance(habit.name === 'fading' ? 0.7 : 0.15)) risk(lane, habit, born, days, random, add);
  }
  if (habit.name === 'small' && random.chance(0.1))
    strategic(lane, born + random.between(60, 200), random, add);
  return actions;
}

type Add = (
  key: string,
  day: number,
  time: number,
  role: string,
  command: PlannedAction['command'],
  payload: PlannedAction['payload'],
) => void;

function habitOf(random: SeededRandom): Habit {
  let left = random.next();
  for (const habit of HABITS) {
    left -= habit.share;
    if (left < 0) return habit;
  }
  return HABITS.at(-1)!;
}

/** Days on which something happens that happens `aYear` times a year. */
function spread(aYear: number, from: number, days: number, random: SeededRandom): number[] {
  const step = YEAR / aYear;
  const found: number[] = [];
  for (let at = from + random.next() * step; at < days; at += step * (0.6 + 0.8 * random.next())) {
    found.push(Math.floor(at));
  }
  return found;
}

function register(n: number, habit: Habit, born: number, random: SeededRandom, add: Add): void {
  const individual = random.chance(0.06);
  const trade = random.pick(words.TRADES);
  const person = (): string => random.pick(words.FAMILY_NAMES) + random.pick(words.GIVEN_NAMES);
  const city = random.pick(words.CITIES);
  const name = individual ? person() : `${city}${random.pick(words.BRANDS)}${trade.name}有限公司${n}`;
  const [least, most] = habit.yearsBefore;
  const daysBefore = habit.name === 'prospect' ? undefined : random.between(least * YEAR, most * YEAR + 200);
  const contacts = Array.from({ length: random.between(1, 3) }, (_, i) => ({
    fullName: person(),
    salutation: random.pick(['先生', '女士'] as const),
    position: random.pick(words.POSITIONS),
    phone: `+861${random.between(30, 99)}${String(random.between(0, 99_999_999)).padStart(8, '0')}`,
    isDecisionMaker: i === 0,
  }));
  const source = random.pick(['referral', 'website', 'exhibition', 'partner'] as const);
  add('register', born, 9 * HOUR, 'sales-consultant', 'registerCustomer', (_ids, day) => ({
    name,
    kind: individual ? 'individual' : 'company',
    ...(individual ? {} : { industry: trade.industry }),
    region: city,
    source,
    ...(daysBefore !== undefined && { firstCooperationOn: day.date(born - daysBefore) }),
    contacts,
  }));
}

function purchases(
  lane: string,
  habit: Habit,
  born: number,
  days: number,
  random: SeededRandom,
  add: Add,
): void {
  const [least, most] = habit.amount;
  if (most === 0) return;
  const last = habit.stopsAfter === undefined ? days : born + Math.floor((days - born) * habit.stopsAfter);
  let count = 0;
  for (let day = born + 1 + random.between(0, 20); day < last; day += random.between(...habit.everyDays)) {
    const grown = 1 + ((habit.growth ?? 1) - 1) * (day / days);
    const yuan = Math.round(random.between(least, most) * grown);
    const product = random.pick(words.PRODUCTS);
    const amount = (value: number): object => ({ amount: `${value}.00`, currency: 'CNY' });
    add(`buy${count}`, day, 10 * HOUR, 'account-manager', 'recordPurchase', (_ids, on) => ({
      customerId: _ids.id(`${lane}/register`),
      purchasedOn: on.date(day),
      product,
      amount: amount(yuan),
    }));
    if (random.chance(0.04)) {
      const back = day + random.between(3, 20);
      add(`refund${count}`, back, 14 * HOUR, 'account-manager', 'recordPurchase', (ids, on) => ({
        customerId: ids.id(`${lane}/register`),
        purchasedOn: on.date(back),
        product,
        amount: amount(-Math.round(yuan * 0.3)),
      }));
    }
    count += 1;
  }
}

function contact(lane: string, day: number, random: SeededRandom, add: Add): void {
  const time = random.between(9 * 60, 17 * 60) * MINUTE;
  const length = random.between(5, 60) * MINUTE;
  const late = random.chance(0.06) ? random.between(2, 4) : 0;
  const channel = random.pick(['call', 'call', 'visit', 'meeting', 'message'] as const);
  const purpose = random.pick([
    'cooperation-feedback',
    'industry-news',
    'needs',
    'return-visit',
    'renewal-talk',
  ] as const);
  const content = random.pick(words.TALKS);
  const next = random.chance(0.3);
  add(`contact${day}`, day + late, 19 * HOUR, 'account-manager', 'recordInteraction', (ids, on) => ({
    customerId: ids.id(`${lane}/register`),
    channel,
    direction: 'outbound',
    purpose,
    startedAt: on.instant(day, time),
    endedAt: on.instant(day, time + length),
    participants: [ids.part(`${lane}/register`, 0)],
    content,
    ...(next && {
      nextSteps: [
        {
          text: '发送方案与报价',
          owner: 'demo-account-manager',
          dueOn: on.date(day + 7),
          priority: 'medium',
        },
      ],
    }),
  }));
}

function ticket(lane: string, habit: Habit, day: number, random: SeededRandom, add: Add): void {
  const key = `ticket${day}`;
  const kind = random.pick(['inquiry', 'support', 'support', 'complaint', 'suggestion'] as const);
  const { subject, category } = random.pick(words.SUBJECTS);
  const level = random.pick(['L1', 'L2', 'L3', 'L3', 'L3'] as const);
  const opened = random.between(9 * 60, 15 * 60) * MINUTE;
  const slow = habit.name === 'fading' || random.chance(0.15) ? random.between(1, 3) : 0;
  const onTicket = (ids: { id(key: string): string }): object => ({ ticketId: ids.id(`${lane}/${key}`) });
  add(key, day, opened, 'service-agent', 'openTicket', (ids) => ({
    customerId: ids.id(`${lane}/register`),
    kind,
    category,
    level,
    channel: kind === 'complaint' ? 'complaint-line' : random0(['phone', 'wechat', 'email'], day),
    subject,
    message: `${subject}，请尽快处理。`,
  }));
  add(`${key}/ack`, day, opened + 20 * MINUTE, 'service-agent', 'acknowledgeTicket', (ids) => ({
    ...onTicket(ids),
    level,
    category,
  }));
  add(`${key}/respond`, day + slow, opened + 2 * HOUR, 'service-agent', 'respondToTicket', (ids) => ({
    ...onTicket(ids),
    text: '您好，问题已受理，正在处理。',
  }));
  if (random.chance(0.04)) return;
  const resolved = day + slow + random.between(0, 2);
  add(`${key}/resolve`, resolved, 17 * HOUR, 'service-agent', 'resolveTicket', (ids) => ({
    ...onTicket(ids),
    solution: '已修复并同步操作指南。',
  }));
  const score = random.between(habit.name === 'fading' ? 2 : 3, 5);
  add(`${key}/visit`, resolved + 1, 11 * HOUR, 'specialist', 'recordReturnVisit', (ids, on) => ({
    ...onTicket(ids),
    visitedAt: on.instant(resolved + 1, 10 * HOUR),
    opinion: score >= 4 ? '满意' : '处理偏慢',
    satisfaction: score,
  }));
  add(`${key}/close`, resolved + 1, 12 * HOUR, 'team-lead', 'closeTicket', (ids) => onTicket(ids));
}

function random0<T>(items: readonly T[], n: number): T {
  return items[n % items.length]!;
}

function survey(lane: string, habit: Habit, day: number, random: SeededRandom, add: Add): void {
  const mood = habit.name === 'fading' ? 3 : 4;
  const score = (shift: number): number =>
    Math.min(5, Math.max(1, mood + shift + (random.chance(0.35) ? 1 : 0) - (random.chance(0.3) ? 1 : 0)));
  const scores = {
    productQuality: score(0),
    responseSpeed: score(random.chance(0.45) ? -1 : 0),
    afterSalesSupport: score(0),
    ...(random.chance(0.85) && { personalisedExperience: score(random.chance(0.3) ? -1 : 0) }),
  };
  const nps = Math.min(10, scores.productQuality * 2 + random.between(-2, 0));
  const comment = random.chance(0.4) ? random.pick(words.COMMENTS) : undefined;
  add(`survey${day}`, day, 16 * HOUR, 'marketing', 'answerSurvey', (ids, on) => ({
    customerId: ids.id(`${lane}/register`),
    answeredOn: on.date(day),
    scores,
    nps,
    ...(comment !== undefined && { comment }),
  }));
}

function risk(lane: string, habit: Habit, born: number, days: number, random: SeededRandom, add: Add): void {
  const day = born + Math.floor((days - born) * (0.5 + 0.4 * random.next()));
  const kind = random.pick(['credit', 'late-payment', 'competitor-entry', 'churn', 'market'] as const);
  const evidence = random.pick(words.EVIDENCE);
  const likelihood = random.between(habit.name === 'fading' ? 3 : 1, 5);
  const impact = random.between(2, 5);
  add('risk', day, 15 * HOUR, 'risk-officer', 'identifyRisk', (ids) => ({
    customerId: ids.id(`${lane}/register`),
    kind,
    source: '客户经理报告',
    evidence,
  }));
  add('risk/assess', day + 1, 15 * HOUR, 'risk-officer', 'assessRisk', (ids) => ({
    riskId: ids.id(`${lane}/risk`),
    likelihood,
    impact,
    factors: ['finances', 'operations'],
  }));
}

function strategic(lane: string, day: number, random: SeededRandom, add: Add): void {
  const lasts = random.between(200, 500);
  add('strategic', day, 11 * HOUR, 'account-manager', 'requestStrategicDesignation', (ids, on) => ({
    customerId: ids.id(`${lane}/register`),
    ground: 'industry-benchmark',
    validUntil: on.date(day + lasts),
  }));
  add('strategic/approve', day + 2, 11 * HOUR, 'manager', 'approveStrategicDesignation', (ids) => ({
    customerId: ids.id(`${lane}/register`),
    designationId: ids.id(`${lane}/strategic`),
  }));
}
