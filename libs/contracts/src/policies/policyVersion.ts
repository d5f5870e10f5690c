import type { Instant } from '@rapport/platform';
import type { PolicyDefinition } from './policyDefinition.ts';

/** A value of a policy and from when it holds: up to the next version's `effectiveFrom`, exclusive. */
export interface PolicyVersion<T = unknown> {
  readonly name: string;
  /** 1 for the default, then 2, 3, … in the order of recording. */
  readonly version: number;
  readonly effectiveFrom: Instant;
  readonly value: T;
}

/** Before every plain date: from when the default versions hold. */
export const SINCE_EVER: Instant = '0000-01-01T00:00:00.000Z';

/** Version 1 of a policy: its default, in force since ever. */
export function defaultVersion<T>(definition: PolicyDefinition<string, T>): PolicyVersion<T> {
  return { name: definition.name, version: 1, effectiveFrom: SINCE_EVER, value: definition.defaultValue };
}

/**
 * The version in force at an instant: the latest `effectiveFrom` that is not after it; of several with the
 * same `effectiveFrom` the one recorded last. The order of `versions` does not matter.
 *
 * @throws RangeError when none is in force yet: a history without its default version
 */
export function policyAt<T>(versions: readonly PolicyVersion<T>[], instant: Instant): PolicyVersion<T> {
  let found: PolicyVersion<T> | undefined;
  for (const version of versions) {
    // Instants in their stored form sort as text.
    if (version.effectiveFrom > instant) continue;
    if (
      found === undefined ||
      version.effectiveFrom > found.effectiveFrom ||
      (version.effectiveFrom === found.effectiveFrom && version.version > found.version)
    ) {
      found = version;
    }
  }
  if (found === undefined)
    throw new RangeError('no version of the policy is in force: add its default version');
  return found;
}
