import Type from 'typebox';
import { CustomerFiguresChanged, CustomerSegmentChanged, CustomerTierChanged } from '../events/profiles.ts';
import { SEGMENTS, TIERS } from '../vocabulary/profiles.ts';
import { guarded, GuardedText, replaceClassified } from './guarded.ts';
import {
  Count,
  Day,
  Id,
  Index,
  Instant,
  ListOfShape,
  named,
  Nullable,
  PolicyVersion,
  shape,
  Words,
} from './shapes.ts';

const shown = ({ plain }: Pick<typeof CustomerTierChanged | typeof CustomerSegmentChanged, 'plain'>) =>
  (replaceClassified(plain, (clear) => guarded(clear)) as Type.TObject).properties;

const { mode, spendBand, tenureBand, fullYears, strategic, candidate, inputs, rule } =
  shown(CustomerTierChanged);

const RfmScores = named('RfmScores', shown(CustomerSegmentChanged)['scores']!);
const AMOUNTS = (CustomerFiguresChanged.plain.properties.figures as Type.TObject).properties;

/** What the purchases of a customer come to on a day: today, or the last day for which it is known. */
export const CustomerFigures = shape('CustomerFigures', {
  asOf: Day(),
  spend365dCny: guarded(AMOUNTS['spend365dCny']!),
  net365dCny: guarded(AMOUNTS['net365dCny']!),
  purchases365d: guarded(AMOUNTS['purchases365d']!),
  lastPurchaseOn: guarded(Nullable(Day())),
  daysSinceLastPurchase: guarded(Nullable(Count())),
  scores: Nullable(RfmScores),
});

/** Why a customer has its tier: when it was decided so, and with which figures of then. */
export const TierReasons = shape('TierReasons', {
  rule: rule!,
  decidedAt: Instant(),
  mode: mode!,
  spendBand: spendBand!,
  tenureBand: tenureBand!,
  fullYears: fullYears!,
  strategic: strategic!,
  candidate: candidate!,
  decidedWith: named('TierInputs', inputs!),
  policyVersion: PolicyVersion(),
  index: Index(),
  stream: Type.String(),
});

/** Nothing decided its tier yet. */
export const UndecidedTier = shape('UndecidedTier', { rule: Nullable(Type.String()) });

/** Why a customer has its segment: when it was decided so, and with which scores and figures of then. */
export const SegmentReasons = shape('SegmentReasons', {
  rule: Type.String(),
  since: Instant(),
  decidedAt: Instant(),
  decidedScores: RfmScores,
  decidedWith: named('RfmInputs', shown(CustomerSegmentChanged)['inputs']!),
  policyVersion: PolicyVersion(),
  index: Index(),
  stream: Type.String(),
});

export const TierChange = shape('TierChange', {
  from: Words(TIERS),
  to: Words(TIERS),
  at: Instant(),
  rule: Type.String(),
  index: Index(),
});

/** A customer as the tier view shows it. */
export const TierItem = shape('TierItem', {
  customerId: Id(),
  name: GuardedText(),
  tier: Words(TIERS),
  since: Instant(),
  rule: Type.String(),
  reasons: Nullable(TierReasons),
  spendFen: guarded(
    Nullable(Type.Integer({ description: 'Today’s spend, in fen: what the list is sorted by' })),
  ),
  figures: Nullable(CustomerFigures),
  segment: Nullable(Words(SEGMENTS)),
  segmentReasons: Nullable(SegmentReasons),
  nextReviewAt: Nullable(Instant()),
  history: Type.Array(TierChange, { description: 'The latest first, 20 at most' }),
});

export const TierList = ListOfShape('TierList', TierItem);

/** Customers by tier, and by the rule that decided. */
export const TierSummary = shape('TierSummary', {
  A: Count(),
  B: Count(),
  C: Count(),
  prospect: Count(),
  rules: Type.Array(shape('TierRuleCount', { tier: Words(TIERS), rule: Type.String(), customers: Count() })),
});
