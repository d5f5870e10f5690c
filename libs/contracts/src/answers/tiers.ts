import Type from 'typebox';
import { CustomerSegmentChanged, CustomerTierChanged } from '../events/profiles.ts';
import { SEGMENTS, TIERS } from '../vocabulary/profiles.ts';
import { guarded, GuardedText, replaceClassified } from './guarded.ts';
import {
  Count,
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

const shown = ({ plain }: typeof CustomerTierChanged | typeof CustomerSegmentChanged) =>
  (replaceClassified(plain, (clear) => guarded(clear)) as Type.TObject).properties;

const { mode, spendBand, tenureBand, fullYears, strategic, candidate, inputs, rule } =
  shown(CustomerTierChanged);

/** Why a customer has its tier, with what the decision saw: figures of then. */
export const TierReasons = shape('TierReasons', {
  rule: rule!,
  asOf: Instant(),
  mode: mode!,
  spendBand: spendBand!,
  tenureBand: tenureBand!,
  fullYears: fullYears!,
  strategic: strategic!,
  candidate: candidate!,
  inputs: named('TierInputs', inputs!),
  policyVersion: PolicyVersion(),
  index: Index(),
  stream: Type.String(),
});

/** Nothing decided its tier yet. */
export const UndecidedTier = shape('UndecidedTier', { rule: Nullable(Type.String()) });

/** */
export const SegmentReasons = shape('SegmentReasons', {
  rule: Type.String(),
  since: Instant(),
  asOf: Instant(),
  scores: named('RfmScores', shown(CustomerSegmentChanged)['scores']!),
  inputs: named('RfmInputs', shown(CustomerSegmentChanged)['inputs']!),
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
  spendFen: guarded(Nullable(Type.Integer({ description: 'Spend of the trailing window, in fen' }))),
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
