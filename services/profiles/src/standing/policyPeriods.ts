import type { EpochMillis } from '@rapport/platform';
import { toMillis } from '@rapport/platform';
import { type PolicyVersion, SINCE_EVER } from '@rapport/contracts';

/** A version of a policy over the time in which it holds. */
export interface PolicyPeriod<T> {
  readonly from: EpochMillis;
  /** Exclusive; Infinity for the last. */
  readonly until: EpochMillis;
  readonly version: number;
  readonly value: T;
}

/**
 * Versions as consecutive periods, the first since ever. Of versions effective from the same instant the one
 * recorded last holds, as in `policyAt`.
 *
 * @throws RangeError without a version that holds since ever, such as the default
 */
export function policyPeriods<T>(versions: readonly PolicyVersion<T>[]): PolicyPeriod<T>[] {
  const sorted = versions
    .map((version) => ({ version, from: toMillis(version.effectiveFrom) }))
    .sort((x, y) => x.from - y.from || x.version.version - y.version.version)
    .filter((entry, i, entries) => entry.from !== entries[i + 1]?.from);
  if (sorted[0]?.from !== toMillis(SINCE_EVER)) {
    throw new RangeError('no version of the policy holds since ever: add its default version');
  }
  return sorted.map(({ version, from }, i) => ({
    from,
    until: sorted[i + 1]?.from ?? Infinity,
    version: version.version,
    value: version.value,
  }));
}

/** Index of the period that holds an instant. */
export function periodAt(periods: readonly PolicyPeriod<unknown>[], instant: EpochMillis): number {
  return periods.findIndex((period) => instant < period.until);
}
