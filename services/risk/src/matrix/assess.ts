import type { RiskMatrixPolicy } from '@rapport/contracts';

type Level = RiskMatrixPolicy['levels'][number];

/** A risk's place in the matrix and what it obliges to. */
export interface Assessment {
  /** likelihood × impact */
  readonly score: number;
  readonly level: Level['level'];
  /** How often it is assessed again. */
  readonly reassess: Level['reassess'];
  /** it must have a control (prepayment, credit limit, deposit, legal review, executive sponsor). */
  readonly needsControl: boolean;
  /** only a manager may accept it. */
  readonly acceptNeedsManager: boolean;
}

/**
 * the level of a risk.
 *
 * @param likelihood 1 to the policy's scale
 * @param impact 1 to the policy's scale
 * @throws RangeError for anything else, naming the parameter
 */
export function assess(likelihood: number, impact: number, policy: RiskMatrixPolicy): Assessment {
  const score = onScale(likelihood, 'likelihood', policy) * onScale(impact, 'impact', policy);
  const level = policy.levels.findLast((candidate) => candidate.fromScore <= score);
  if (level === undefined)
    throw new RangeError('the risk matrix has no level for this score: correct the policy');
  return {
    score,
    level: level.level,
    reassess: level.reassess,
    needsControl: level.needsControl,
    acceptNeedsManager: level.acceptNeedsManager,
  };
}

function onScale(value: number, name: string, policy: RiskMatrixPolicy): number {
  if (Number.isInteger(value) && value >= 1 && value <= policy.scale) return value;
  throw new RangeError(`${name} must be an integer from 1 to ${policy.scale}`);
}
