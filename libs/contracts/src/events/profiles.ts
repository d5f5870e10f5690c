import Type from 'typebox';
import { defineEvent } from '../schema/eventDefinition.ts';
import { confidential, freeText, personal } from '../schema/fieldClass.ts';
import { Amount, Id, InstantText, Line, PlainDateText } from '../schema/types.ts';
import { CUSTOMER_KINDS, SEGMENTS, SOURCE_CHANNELS, TIERS } from '../vocabulary/profiles.ts';

/** The name of an individual is personal, that of a company is not. */
export const CustomerRegistered = defineEvent('crm.profiles.CustomerRegistered', 1, 'customer', {
  customerId: Id(),
  kind: Type.Enum([...CUSTOMER_KINDS]),
  name: personal(Line(200), 'customerId', { field: 'kind', equals: 'individual' }),
  /** GB/T 4754 code. */
  industry: Type.Optional(Type.String({ pattern: '^[A-T]([0-9]{2,4})?$' })),
  creditCode: Type.Optional(Type.String({ pattern: '^[0-9A-HJ-NP-RT-UW-Y]{18}$' })),
  region: Type.Optional(Line(80)),
  firstCooperationOn: Type.Optional(PlainDateText()),
  source: Type.Enum([...SOURCE_CHANNELS]),
  /** Its id in the system that it was imported from: an individual's may be a number that names the person. */
  externalId: Type.Optional(personal(Line(120), 'customerId', { field: 'kind', equals: 'individual' })),
});

/** a unified social credit code belongs to one customer; the stream's id is derived from the code. */
export const CreditCodeReserved = defineEvent('crm.profiles.CreditCodeReserved', 1, 'creditCode', {
  customerId: Id(),
});

/** */
export const ContactAdded = defineEvent('crm.profiles.ContactAdded', 1, 'customer', {
  customerId: Id(),
  contactId: Id(),
  fullName: personal(Line(100), 'contactId'),
  salutation: Type.Optional(Type.Enum(['先生', '女士'])),
  position: Type.Optional(personal(Line(100), 'contactId')),
  /** E.164, an extension after `;ext=`. */
  phone: Type.Optional(personal(Line(40), 'contactId')),
  email: Type.Optional(personal(Line(254), 'contactId')),
  wechat: Type.Optional(personal(Line(64), 'contactId')),
  birthday: Type.Optional(personal(PlainDateText(), 'contactId')),
  isDecisionMaker: Type.Boolean(),
});

/** the contact has left the customer. */
export const ContactLeft = defineEvent('crm.profiles.ContactLeft', 1, 'customer', {
  customerId: Id(),
  contactId: Id(),
  leftOn: PlainDateText(),
});

/** The customer has a stream of purchases for this year: recorded with what is recorded first in it. */
export const PurchaseYearOpened = defineEvent('crm.profiles.PurchaseYearOpened', 1, 'customer', {
  customerId: Id(),
  year: Type.Integer({ minimum: 1, maximum: 9999 }),
});

/** In the stream of the year in which it is recorded, or of `purchasedOn` in older history. */
export const PurchaseRecorded = defineEvent('crm.profiles.PurchaseRecorded', 1, 'purchases', {
  customerId: Id(),
  purchaseId: Id(),
  purchasedOn: PlainDateText(),
  product: Line(200),
  amount: confidential(Amount()),
});

/** a refund counts on its own date; its amount is negative. */
export const RefundRecorded = defineEvent('crm.profiles.RefundRecorded', 1, 'purchases', {
  customerId: Id(),
  purchaseId: Id(),
  purchasedOn: PlainDateText(),
  product: Line(200),
  amount: confidential(Amount()),
});

/** a purchase or refund was entered in error; it never counted. May stand in a later year's stream than it. */
export const PurchaseVoided = defineEvent('crm.profiles.PurchaseVoided', 1, 'purchases', {
  customerId: Id(),
  purchaseId: Id(),
  reason: freeText(Line(500)),
});

/** asked for, counts only once approved. */
export const StrategicDesignationRequested = defineEvent(
  'crm.profiles.StrategicDesignationRequested',
  1,
  'customer',
  {
    customerId: Id(),
    designationId: Id(),
    ground: Type.Enum(['industry-benchmark', 'growth-potential']),
    validUntil: PlainDateText(),
  },
);

/** approved by a manager, valid until its expiry date (exclusive). */
export const StrategicDesignationApproved = defineEvent(
  'crm.profiles.StrategicDesignationApproved',
  1,
  'customer',
  { customerId: Id(), designationId: Id(), validUntil: PlainDateText() },
);

/** ended before its expiry; does not wait. */
export const StrategicDesignationEnded = defineEvent(
  'crm.profiles.StrategicDesignationEnded',
  1,
  'customer',
  { customerId: Id(), designationId: Id() },
);

/** decided by the standing reaction, with the inputs, the rule that won and the policy version. */
export const CustomerTierChanged = defineEvent('crm.profiles.CustomerTierChanged', 1, 'standing', {
  customerId: Id(),
  from: Type.Enum([...TIERS]),
  to: Type.Enum([...TIERS]),
  /** When it took effect, which is not when it was decided. */
  effectiveAt: InstantText(),
  /** Which rule won: `R-020 spend band`. */
  rule: Line(120),
  mode: Type.Enum(['spend-led', 'strict', 'any']),
  spendBand: Type.Enum(['A', 'B', 'C']),
  tenureBand: Type.Enum(['A', 'B', 'C']),
  fullYears: Type.Integer({ minimum: 0 }),
  strategic: Type.Boolean(),
  /** Candidate tier before the downgrade wait. */
  candidate: Type.Enum([...TIERS]),
  inputs: confidential(
    Type.Object(
      { spend365dCny: Type.String(), purchases: Type.Integer(), asOf: PlainDateText() },
      { additionalProperties: false },
    ),
  ),
  /** Index of the last event that the decision knew. */
  knownIndex: Type.Integer({ minimum: -1 }),
});

/** */
export const CustomerSegmentChanged = defineEvent('crm.profiles.CustomerSegmentChanged', 1, 'standing', {
  customerId: Id(),
  from: Type.Enum(['none', ...SEGMENTS]),
  to: Type.Enum(['none', ...SEGMENTS]),
  effectiveAt: InstantText(),
  rule: Line(120),
  scores: Type.Object(
    {
      recency: Type.Integer({ minimum: 1, maximum: 5 }),
      frequency: Type.Integer({ minimum: 1, maximum: 5 }),
      monetary: Type.Integer({ minimum: 1, maximum: 5 }),
    },
    { additionalProperties: false },
  ),
  inputs: confidential(
    Type.Object(
      {
        daysSinceLastPurchase: Type.Integer({ minimum: 0 }),
        purchases365d: Type.Integer({ minimum: 0 }),
        net365dCny: Type.String(),
      },
      { additionalProperties: false },
    ),
  ),
  knownIndex: Type.Integer({ minimum: -1 }),
});

const Points = () => Type.Integer({ minimum: 1, maximum: 5 });

/**
 * what a customer's purchases come to from an instant on, until something becomes known or time passes. What
 * a decision saw stands in the decision; these are the figures of today, also where they change neither tier nor segment.
 */
export const CustomerFiguresChanged = defineEvent('crm.profiles.CustomerFiguresChanged', 1, 'standing', {
  customerId: Id(),
  /** From when they hold. */
  effectiveAt: InstantText(),
  /** When the passing of time alone makes them others; absent: never. */
  until: Type.Optional(InstantText()),
  figures: confidential(
    Type.Object(
      {
        /** Net of the window of the tiering policy. */
        spend365dCny: Type.String(),
        /** Net of the window of the RFM policy, and purchases in it. */
        net365dCny: Type.String(),
        purchases365d: Type.Integer({ minimum: 0 }),
        /** Absent where every purchase was voided. */
        lastPurchaseOn: Type.Optional(PlainDateText()),
      },
      { additionalProperties: false },
    ),
  ),
  /** F and M. R follows from the day that is asked for, the last purchase and the cut points. */
  scores: Type.Object({ frequency: Points(), monetary: Points() }, { additionalProperties: false }),
  /** most whole days since the last purchase for 5, 4, 3, 2 points. */
  recencyDays: Type.Array(Type.Integer({ minimum: 0 }), { minItems: 4, maxItems: 4 }),
  /** Index of the last event that they follow from. */
  knownIndex: Type.Integer({ minimum: -1 }),
});

/**
 * the next instant at which time alone can change tier or segment. Written only for as long as processes of the
 * release before run, which know no `DeadlineScheduled`.
 */
export const StandingReviewScheduled = defineEvent('crm.profiles.StandingReviewScheduled', 1, 'standing', {
  customerId: Id(),
  deadlineId: Id(),
  generation: Type.Integer({ minimum: 1 }),
  due: InstantText(),
  clause: Line(40),
});

/** A person's data is to be erased; destroying the keys follows from this (contract.md). */
export const PersonErased = defineEvent('crm.profiles.PersonErased', 1, 'person', {
  personId: Id(),
  customerId: Id(),
  /** The person is the customer: the free text of the customer goes too. */
  isCustomer: Type.Boolean(),
});
