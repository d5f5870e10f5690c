import type { Projection } from '@rapport/views';

/** Builds of one version of the code: its first, and those that an operator asked for. */
const BUILDS = 1_000;

/** The stored version of the first build by this projection's code: 3 → 3000. */
export function firstVersion({ version }: Pick<Projection, 'version'>): number {
  return version * BUILDS;
}

/** Whether a stored version was built by this version of the code, so that its fold may go on with it. */
export function isOfCode(stored: number, { version }: Pick<Projection, 'version'>): boolean {
  return Math.floor(stored / BUILDS) === version;
}

/** Whether two stored versions were built by the same version of the code. */
export function areOfSameCode(one: number, other: number): boolean {
  return Math.floor(one / BUILDS) === Math.floor(other / BUILDS);
}

/** The version of another build beside those that there are. */
export function nextVersion(stored: readonly number[]): number {
  return Math.max(...stored) + 1;
}
