import type { Projection, ViewVersions } from '@rapport/views';

type Code = Pick<Projection, 'version'>;

/** Builds of one version of the code: its first, and those that an operator asked for. */
const BUILDS = 1_000;

/** The stored version of the first build by this projection's code: 3 → 3000. */
export function firstVersion({ version }: Code): number {
  return version * BUILDS;
}

/** Whether a stored version was built by this version of the code, so that its fold may go on with it. */
export function isOfCode(stored: number, { version }: Code): boolean {
  return Math.floor(stored / BUILDS) === version;
}

/** The version of another build beside those that there are. */
export function nextVersion(stored: readonly number[], code: Code): number {
  return Math.max(firstVersion(code), ...stored.filter((version) => isOfCode(version, code))) + 1;
}

/**
 * The version that this code answers from: the live one, or while releases roll out and the live one is of other code,
 * the one beside it. Undefined where neither is of this code.
 */
export function answeringVersion({ live, beside }: ViewVersions, code: Code): number | undefined {
  return [live, beside].find((version) => version !== undefined && isOfCode(version, code));
}

/** Versions that this code has to keep up to date. */
export function wantedVersions({ live, beside }: ViewVersions, code: Code): readonly number[] {
  return [live, beside]
    .filter((version) => version !== undefined)
    .filter((version) => isOfCode(version, code));
}

/** Versions that are neither live nor beside it. What newer code builds is its own affair. */
export function leftOverVersions({ live, beside, all }: ViewVersions, code: Code): readonly number[] {
  return all.filter(
    (version) =>
      version !== live && version !== beside && version < firstVersion({ version: code.version + 1 }),
  );
}
