import { dateOf } from '@rapport/calendar';
import type { Standing } from './standingAt.ts';

/**
 * Why a customer has its tier, as sentences for people, the deciding one first. They hold no amount, so that
 * who may not see financial fields may see them; the amounts stand in `candidate`.
 */
export function tierReasons(standing: Standing): string[] {
  const { candidate } = standing;
  const reasons: string[] = [standing.rule];
  if (standing.tier === 'prospect') return reasons;
  reasons.push(
    `spend of the window to ${candidate.asOf} is in band ${candidate.spendBand}`,
    `${candidate.fullYears} full years together are in band ${candidate.tenureBand}`,
    `mode ${candidate.mode}, tiering policy version ${standing.policyVersion}`,
  );
  if (candidate.strategic) reasons.push('an approved strategic designation holds');
  if (standing.tier !== candidate.tier) reasons.push(`the facts alone would give ${candidate.tier}`);
  if (standing.nextReviewAt !== undefined) {
    reasons.push(`changes on ${dateOf(standing.nextReviewAt)} if nothing new becomes known`);
  }
  return reasons;
}
