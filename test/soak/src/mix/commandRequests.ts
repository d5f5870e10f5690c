import {
  remember,
  type CustomerBase,
  type KnownCustomer,
  type KnownTicket,
  type TicketStep,
} from './customerBase.ts';
import { daysAgo, minutesAgo } from './days.ts';
import type { Body, SoakRequest } from './request.ts';
import type { Seeded } from './seeded.ts';

/** What a kind needs to make its next request. */
export interface Making {
  readonly base: CustomerBase;
  readonly random: Seeded;
  /** A fresh Idempotency-Key, and a number that no other request of the run has. */
  readonly key: string;
  readonly number: number;
}

/** Undefined where there is nothing that it could be about yet. */
export type Make = (making: Making) => SoakRequest | undefined;

type Command = Omit<SoakRequest, 'group' | 'method' | 'key'> & { readonly method?: 'POST' | 'PUT' };

const command = ({ key }: Making, made: Command): SoakRequest => ({
  group: 'command',
  method: 'POST',
  key,
  ...made,
});

/** A command about a customer that is known. */
const about =
  (make: (customer: KnownCustomer, making: Making) => Command | undefined): Make =>
  (making) => {
    const customer = making.base.customer();
    const made = customer && make(customer, making);
    return made && command(making, made);
  };

const SURNAMES = ['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴'] as const;
const GIVEN = ['建国', '秀英', '志强', '丽娟', '文博', '思远', '雨桐', '子涵'] as const;
const INDUSTRIES = ['I65', 'C39', 'F51', 'J66', 'K70'] as const;
const PRODUCTS = ['企业版年度许可', '数据分析模块', '实施服务', '技术支持包', '硬件设备'] as const;
/** most are small, some make a key account. */
const AMOUNTS = ['8000.00', '24000.00', '68000.00', '150000.00', '320000.00', '600000.00'] as const;
const TEXT = '您好，我们已经收到您反映的问题，工程师正在排查导出服务的日志，今天 18:00 前给您答复。';

const person = (random: Seeded): string => random.of(SURNAMES) + random.of(GIVEN);
const contactOf = (customer: KnownCustomer, random: Seeded): string | undefined =>
  customer.contacts.length === 0 ? undefined : random.of(customer.contacts);

export const COMMANDS = {
  registerCustomer(making) {
    const { base, random, number } = making;
    const name = `远见科技 ${number} 号`;
    const contacts = Array.from({ length: 1 + random.below(3) }, (_, n) => ({
      fullName: person(random),
      position: random.of(['采购经理', '技术总监', '总经理']),
      phone: `+8613${String(800_000_000 + ((number * 4 + n) % 99_999_999)).padStart(9, '0')}`,
      isDecisionMaker: n === 0,
    }));
    return command(making, {
      kind: 'registerCustomer',
      role: 'sales-consultant',
      path: '/api/customers',
      body: {
        name,
        kind: 'company',
        industry: random.of(INDUSTRIES),
        firstCooperationOn: daysAgo(random.below(1_500)),
        source: 'referral',
        contacts,
      },
      effect: { event: 'CustomerRegistered', idField: 'customerId' },
      answered: ({ id, ids }) =>
        base.add({
          id: String(id),
          name,
          contacts: [...((ids as string[] | undefined) ?? [])],
          purchases: [],
        }),
    });
  },

  addContact: about((customer, { random }) => ({
    kind: 'addContact',
    role: 'account-manager',
    path: `/api/customers/${customer.id}/contacts`,
    body: { fullName: person(random), salutation: '女士', email: 'kontakt@example.com' },
    effect: { event: 'ContactAdded', idField: 'contactId' },
    answered: ({ id }) => remember(customer.contacts, String(id)),
  })),

  recordContactLeft: about((customer) => {
    const contactId = customer.contacts.length > 1 ? customer.contacts.shift() : undefined;
    return contactId === undefined
      ? undefined
      : {
          kind: 'recordContactLeft',
          role: 'account-manager',
          path: `/api/customers/${customer.id}/contacts/${contactId}/departure`,
          body: { leftOn: daysAgo(1) },
          effect: { event: 'ContactLeft' },
        };
  }),

  recordPurchase: about((customer, { random }) => ({
    kind: 'recordPurchase',
    role: 'account-manager',
    path: `/api/customers/${customer.id}/purchases`,
    body: {
      purchasedOn: daysAgo(random.below(350)),
      product: random.of(PRODUCTS),
      amount: { amount: random.of(AMOUNTS), currency: 'CNY' },
    },
    effect: { event: 'PurchaseRecorded', idField: 'purchaseId' },
    answered: ({ id }) => remember(customer.purchases, String(id)),
  })),

  recordRefund: about((customer, { random }) => ({
    kind: 'recordRefund',
    role: 'account-manager',
    path: `/api/customers/${customer.id}/purchases`,
    body: {
      purchasedOn: daysAgo(random.below(60)),
      product: random.of(PRODUCTS),
      amount: { amount: '-2000.00', currency: 'CNY' },
    },
    effect: { event: 'RefundRecorded', idField: 'purchaseId' },
  })),

  voidPurchase: about((customer) => {
    const purchaseId = customer.purchases.pop();
    return purchaseId === undefined
      ? undefined
      : {
          kind: 'voidPurchase',
          role: 'data-steward',
          path: `/api/customers/${customer.id}/purchases/${purchaseId}/void`,
          body: { reason: '重复录入' },
          effect: { event: 'PurchaseVoided' },
        };
  }),

  requestStrategicDesignation: about((customer) =>
    customer.designation !== undefined
      ? undefined
      : {
          kind: 'requestStrategicDesignation',
          role: 'account-manager',
          path: `/api/customers/${customer.id}/strategic-designations`,
          body: { ground: 'growth-potential', validUntil: daysAgo(-200) },
          effect: { event: 'StrategicDesignationRequested', idField: 'designationId' },
          answered: ({ id }) => (customer.designation = String(id)),
        },
  ),

  approveStrategicDesignation(making) {
    const customer = making.base.customers.find(({ designation }) => designation !== undefined);
    if (customer === undefined) return undefined;
    const { designation } = customer;
    customer.designation = undefined;
    return command(making, {
      kind: 'approveStrategicDesignation',
      role: 'manager',
      path: `/api/customers/${customer.id}/strategic-designations/${designation}/approval`,
      body: {},
      effect: { event: 'StrategicDesignationApproved' },
    });
  },

  recordInteraction: about((customer, { random }) => {
    const participant = contactOf(customer, random);
    const minutes = 5 + random.below(600);
    return {
      kind: 'recordInteraction',
      role: 'account-manager',
      path: `/api/customers/${customer.id}/interactions`,
      body: {
        channel: random.of(['call', 'visit', 'meeting', 'message']),
        purpose: random.of(['cooperation-feedback', 'needs', 'renewal-talk', 'return-visit']),
        startedAt: minutesAgo(minutes + 30),
        endedAt: minutesAgo(minutes),
        ...(participant !== undefined && { participants: [participant] }),
        content: '讨论了下季度的采购计划，客户希望增加两个数据接口，并了解报表模块的交付时间。',
        nextSteps: [{ text: '发送报价单', owner: 'staff-1', dueOn: daysAgo(-3), priority: 'high' }],
      },
      effect: { event: 'InteractionRecorded', idField: 'interactionId' },
    };
  }),

  openTicket: about((customer, { base, random, number }) => {
    const contactId = contactOf(customer, random);
    const kind = random.of(['inquiry', 'complaint', 'suggestion', 'support'] as const);
    return {
      kind: 'openTicket',
      role: 'service-agent',
      path: '/api/tickets',
      body: {
        customerId: customer.id,
        kind,
        level: random.of(['L1', 'L2', 'L3', 'L3']),
        channel: random.of(['phone', 'email', 'wechat']),
        subject: `第 ${number % 1_000} 号生产线的报表导出失败`,
        ...(contactId !== undefined && { contactId }),
      },
      effect: { event: 'TicketOpened', idField: 'ticketId' },
      answered: ({ id }) => base.giveTicket({ id: String(id), steps: stepsOf(random) }),
    };
  }),

  nextStepOfTicket(making) {
    const { base } = making;
    const ticket = base.takeTicket();
    const step = ticket?.steps.shift();
    if (ticket === undefined || step === undefined) return undefined;
    // Refused for an erased person, it takes no step any more.
    return command(making, { ...STEPS[step](ticket), answered: () => base.giveTicket(ticket) });
  },

  recordService: about((customer) => ({
    kind: 'recordService',
    role: 'service-agent',
    path: '/api/service-records',
    body: {
      customerId: customer.id,
      servedOn: daysAgo(1),
      kind: 'support',
      problem: '系统数据同步异常',
      result: '已修复并验证',
      servedBy: 'staff-7',
      servedByName: '陈工',
      satisfaction: 4,
    },
    effect: { event: 'ServiceRecorded', idField: 'serviceRecordId' },
  })),

  answerSurvey: about((customer, { random }) => ({
    kind: 'answerSurvey',
    role: 'marketing',
    path: '/api/surveys/answers',
    body: {
      customerId: customer.id,
      answeredOn: daysAgo(random.below(90)),
      scores: {
        productQuality: 1 + random.below(5),
        responseSpeed: 1 + random.below(5),
        afterSalesSupport: 1 + random.below(5),
      },
      nps: random.below(11),
    },
    effect: { event: 'SurveyAnswered', idField: 'answerId' },
  })),

  receiveFeedback: about((customer) => ({
    kind: 'receiveFeedback',
    role: 'service-agent',
    path: '/api/feedback',
    body: {
      customerId: customer.id,
      receivedOn: daysAgo(2),
      problem: '响应时间过长',
      serviceLink: '售后响应',
      measure: '增加值班人员',
    },
    effect: { event: 'FeedbackReceived', idField: 'improvementId' },
  })),

  planImprovement: (making) =>
    command(making, {
      kind: 'planImprovement',
      role: 'team-lead',
      path: '/api/improvements',
      body: { measure: '优化排班', owner: '客户经理', dueOn: daysAgo(-30), resources: '两名工程师' },
      effect: { event: 'ImprovementPlanned', idField: 'improvementId' },
    }),

  identifyRisk: about((customer, { base, random }) => ({
    kind: 'identifyRisk',
    role: 'risk-officer',
    path: '/api/risks',
    body: {
      customerId: customer.id,
      kind: random.of(['credit', 'market', 'late-payment', 'churn']),
      source: '财务月报',
      evidence: '两笔款项逾期超过三十天，联系人更换频繁。',
    },
    effect: { event: 'RiskIdentified', idField: 'riskId' },
    answered: ({ id }) => base.giveRisk(String(id)),
  })),

  assessRisk(making) {
    const { base, random } = making;
    const riskId = base.takeRisk();
    if (riskId === undefined) return undefined;
    return command(making, {
      kind: 'assessRisk',
      role: 'risk-officer',
      path: `/api/risks/${riskId}/assessments`,
      body: { likelihood: 1 + random.below(5), impact: 1 + random.below(5), factors: ['finances'] },
      effect: { event: 'RiskAssessed' },
    });
  },

  erasePerson: about((customer) => {
    const contactId = customer.contacts.length > 1 ? customer.contacts.shift() : undefined;
    return contactId === undefined
      ? undefined
      : {
          kind: 'erasePerson',
          role: 'data-steward',
          path: `/api/customers/${customer.id}/persons/${contactId}/erasure`,
          body: {},
          effect: { event: 'PersonErased' },
        };
  }),
} as const satisfies Readonly<Record<string, Make>>;

/** The way of a ticket: always with a visit before it is closed, which every tier may have. */
function stepsOf(random: Seeded): TicketStep[] {
  const answers: TicketStep[] = Array.from({ length: 1 + random.below(2) }, () => 'respond');
  const reopened: TicketStep[] =
    random.fraction() < 0.05 ? ['reopen', 'respond', 'resolve', 'visit', 'close'] : [];
  return ['acknowledge', ...answers, 'resolve', 'visit', 'close', ...reopened];
}

type StepOf = (ticket: KnownTicket) => Command;

const step = (event: string, path: string, body: () => Body): StepOf => {
  const kind = `${event[0]!.toLowerCase()}${event.slice(1)}`;
  return ({ id }) => ({
    kind,
    role: 'specialist',
    path: `/api/tickets/${id}/${path}`,
    body: body(),
    effect: { event },
  });
};

const STEPS: Readonly<Record<TicketStep, StepOf>> = {
  acknowledge: step('TicketAcknowledged', 'acknowledgement', () => ({ level: 'L2', category: 'usage' })),
  respond: step('TicketResponded', 'responses', () => ({ text: TEXT })),
  resolve: step('TicketResolved', 'resolution', () => ({ solution: '已更换导出服务，数据核对无误。' })),
  visit: step('ReturnVisitRecorded', 'return-visits', () => ({
    visitedAt: minutesAgo(0),
    opinion: '客户表示满意',
    satisfaction: 5,
  })),
  close: step('TicketClosed', 'closure', () => ({})),
  reopen: step('TicketReopened', 'reopening', () => ({ reason: '问题再次出现' })),
};
