/**
 * What people do in a working day, by the handbooks: who looks after customers (000, 002) looks at them and writes down
 * contacts; the service desk works through tickets step by step; sales register and record purchases
 * surveys, risks and improvements are rarer. The weights are shares of all requests.
 */
export const MIX = [
  // Commands.
  { kind: 'registerCustomer', weight: 50 },
  { kind: 'addContact', weight: 20 },
  { kind: 'recordContactLeft', weight: 4 },
  { kind: 'recordPurchase', weight: 80 },
  { kind: 'recordRefund', weight: 6 },
  { kind: 'voidPurchase', weight: 4 },
  { kind: 'requestStrategicDesignation', weight: 3 },
  { kind: 'approveStrategicDesignation', weight: 2 },
  { kind: 'recordInteraction', weight: 100 },
  { kind: 'openTicket', weight: 60 },
  { kind: 'nextStepOfTicket', weight: 210 },
  { kind: 'recordService', weight: 10 },
  { kind: 'answerSurvey', weight: 35 },
  { kind: 'receiveFeedback', weight: 8 },
  { kind: 'planImprovement', weight: 6 },
  { kind: 'identifyRisk', weight: 12 },
  { kind: 'assessRisk', weight: 12 },
  { kind: 'erasePerson', weight: 1 },
  // Files: 20 rows each.
  { kind: 'importCustomers', weight: 2 },
  { kind: 'importPurchases', weight: 2 },
  // Queries.
  { kind: 'customers.get', weight: 80 },
  { kind: 'customers.view360', weight: 50 },
  { kind: 'customers.list', weight: 40 },
  { kind: 'customers.timeline', weight: 35 },
  { kind: 'tickets.list', weight: 50 },
  { kind: 'tickets.get', weight: 40 },
  { kind: 'tiers.list', weight: 20 },
  { kind: 'tiers.summary', weight: 20 },
  { kind: 'satisfaction.summary', weight: 12 },
  { kind: 'risks.list', weight: 12 },
  { kind: 'improvements.list', weight: 8 },
  { kind: 'events.list', weight: 6 },
] as const;

export type MixKind = (typeof MIX)[number]['kind'];

/** Queries that ask for what was just written: with `after`, as a page does that shows what its user has entered. */
export const READS_OWN_WRITE = 0.2;

/** Commands that are sent twice at the same time, as a client does that has lost patience too early. */
export const SENT_TWICE = 0.01;

/** Changes of policies, each when this share of the run is over. */
export const POLICY_CHANGES = [
  {
    at: 0.25,
    policy: 'recording',
    value: { interactionHours: 12, majorEventHours: 24 },
  },
  {
    at: 0.45,
    policy: 'tiering',
    value: {
      mode: 'strict',
      spendCny: { a: '400000.00', b: '80000.00' },
      tenureYears: { a: 2, b: 1 },
      windowDays: 365,
      downgradeWait: 'calendar-quarter',
    },
  },
] as const;
