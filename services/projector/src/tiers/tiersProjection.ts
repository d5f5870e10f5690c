import {
  DEADLINE_TYPES,
  profileEvents,
  recordedDeadline,
  STANDING_REVIEWS,
  type CurrentEvent,
  type RecordedDeadline,
} from '@rapport/contracts';
import { carry } from '@rapport/privacy';
import type { Projection } from '@rapport/views';
import { dataOf } from '../dataOf.ts';
import { fenOf, FIGURES_CLASSIFIED, figuresChanged, type RecordedFigures } from './recordedFigures.ts';

/** Why a customer has its tier: R-020, with what the decision saw. */
export interface TierReasons {
  readonly rule: string;
  /** When it was decided so. */
  readonly decidedAt: string;
  readonly mode: string;
  readonly candidate: string;
  readonly spendBand: string;
  readonly tenureBand: string;
  readonly fullYears: number;
  readonly strategic: boolean;
  /** The figures of then, confidential as a whole: the trailing spend in CNY, purchases, the day it is of. */
  readonly decidedWith: unknown;
  readonly policyVersion: number;
  /** The event that says so. */
  readonly index: number;
  readonly stream: string;
}

export interface TierDocument {
  readonly [field: string]: unknown;
  readonly customerId: string;
  readonly name: unknown;
  readonly tier: string;
  readonly since: string;
  readonly rule: string;
  readonly reasons: TierReasons | null;
  /** Of the trailing 365 days, a whole number of fen, for sorting; of the last decision until there are figures. */
  readonly spendFen: number | null;
  /** What its purchases come to; null until they were worked out, and for a customer without purchases. */
  readonly figures: RecordedFigures | null;
  readonly segment: string | null;
  readonly segmentReasons: Readonly<Record<string, unknown>> | null;
  readonly nextReviewAt: string | null;
  /** Latest first, at most 20. */
  readonly history: readonly Readonly<Record<string, unknown>>[];
}

/** Dotted paths of the document that hold confidential figures in clear: masked by role when shown. */
export const TIER_CLASSIFIED = {
  spendFen: 'confidential',
  'reasons.decidedWith': 'confidential',
  'segmentReasons.decidedWith': 'confidential',
  ...FIGURES_CLASSIFIED,
} as const;

const {
  CustomerRegistered,
  CustomerTierChanged,
  CustomerSegmentChanged,
  CustomerFiguresChanged,
  PersonErased,
} = profileEvents;
const REVIEWS: ReadonlySet<string> = new Set(Object.values(STANDING_REVIEWS));
const HISTORY = 20;
/** Customers by tier, and by the rule that decided. */
export const TIERS_BY_RULE = { by: ['tier', 'rule'] } as const;

/** The tier view: each customer's tier and segment with the reasons. */
export const tiersProjection: Projection<TierDocument> = {
  name: 'tiers',
  version: 3,
  counts: [TIERS_BY_RULE],
  indexes: [
    // Read where they are counted anew.
    { fields: TIERS_BY_RULE.by },
    { fields: ['tier', 'spendFen'] },
    { fields: ['spendFen'] },
    { fields: ['tier', 'since'] },
    { fields: ['since'] },
  ],
  types: [
    CustomerRegistered.type,
    CustomerTierChanged.type,
    CustomerSegmentChanged.type,
    CustomerFiguresChanged.type,
    PersonErased.type,
    ...DEADLINE_TYPES,
  ],
  starts: [CustomerRegistered.type],
  opens: {
    [CustomerTierChanged.type]: ['inputs'],
    [CustomerSegmentChanged.type]: ['inputs'],
    [CustomerFiguresChanged.type]: ['figures'],
  },
  keys(event) {
    const told = recordedDeadline(event);
    const isOfOthers = told !== undefined && !REVIEWS.has(told.deadline.deadline);
    return event.customerId === undefined || isOfOthers ? [] : [event.customerId];
  },

  fold(document, event) {
    if (event.type === CustomerRegistered.type) return prospect(event);
    if (document === undefined) return undefined;
    const told = recordedDeadline(event);
    if (told !== undefined) return reviewTold(document, told);
    switch (event.type) {
      case CustomerTierChanged.type:
        return tierChanged(document, event);
      case CustomerSegmentChanged.type:
        return segmentChanged(document, event);
      case CustomerFiguresChanged.type:
        return { ...document, ...figuresChanged(event) };
      default:
        return dataOf(PersonErased, event).isCustomer ? { ...document, name: { erased: true } } : document;
    }
  },
};

// One is pending at a time, and what takes its place stands behind it.
function reviewTold(document: TierDocument, { became, deadline }: RecordedDeadline): TierDocument {
  return { ...document, nextReviewAt: became === 'scheduled' ? deadline.due : null };
}

function prospect(event: CurrentEvent): TierDocument {
  return {
    customerId: dataOf(CustomerRegistered, event).customerId,
    name: carry(event, 'name'),
    tier: 'prospect',
    since: event.occurredAt,
    rule: 'R-020 no purchase and no contract yet',
    reasons: null,
    spendFen: null,
    figures: null,
    segment: null,
    segmentReasons: null,
    nextReviewAt: null,
    history: [],
  };
}

function tierChanged(document: TierDocument, event: CurrentEvent): TierDocument {
  const {
    customerId: _id,
    from,
    to,
    effectiveAt,
    rule,
    inputs,
    knownIndex,
    ...decided
  } = dataOf(CustomerTierChanged, event);
  return {
    ...document,
    tier: to,
    since: effectiveAt,
    rule,
    reasons: {
      rule,
      decidedAt: effectiveAt,
      ...decided,
      decidedWith: inputs,
      policyVersion: event.policies['tiering'] ?? 1,
      index: event.index ?? knownIndex,
      stream: event.stream,
    },
    // Older history has no figures: until they are worked out, the last decision's are the latest that are known.
    spendFen: document.figures === null ? fenOf(inputs.spend365dCny) : document.spendFen,
    history: [{ from, to, at: effectiveAt, rule, index: event.index }, ...document.history].slice(0, HISTORY),
  };
}

function segmentChanged(document: TierDocument, event: CurrentEvent): TierDocument {
  const { to, effectiveAt, rule, scores, inputs } = dataOf(CustomerSegmentChanged, event);
  return {
    ...document,
    segment: to === 'none' ? null : to,
    segmentReasons: {
      rule,
      since: effectiveAt,
      decidedAt: effectiveAt,
      decidedScores: scores,
      decidedWith: inputs,
      policyVersion: event.policies['rfm'] ?? 1,
      index: event.index,
      stream: event.stream,
    },
  };
}
