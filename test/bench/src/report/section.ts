import type { Section } from '../options.ts';

export interface Target {
  readonly figure: string;
  readonly target: string;
  /** What was measured, or why it was not. */
  readonly measured: string;
  /** Undefined when it was not measured. */
  readonly met?: boolean | undefined;
}

/** What one section found, ready to be printed: kept as JSON, so that RESULTS.md shows also what was not run now. */
export interface SectionReport {
  readonly section: Section;
  readonly title: string;
  readonly targets: readonly Target[];
  /** Markdown under the title. */
  readonly body: string;
  readonly at: string;
  readonly commit: string;
  readonly machine: string;
}

export type SectionFindings = Omit<SectionReport, 'at' | 'commit' | 'machine'>;

/** @param measured undefined where the figure could not be measured, for the reason given */
export function atLeast(
  figure: string,
  target: number,
  unit: string,
  measured: number | undefined,
  why = '',
): Target {
  return judged(figure, `≥ ${shown(target)}${unit}`, unit, measured, (value) => value >= target, why);
}

export function atMost(
  figure: string,
  target: number,
  unit: string,
  measured: number | undefined,
  why = '',
): Target {
  return judged(figure, `≤ ${shown(target)}${unit}`, unit, measured, (value) => value <= target, why);
}

function judged(
  figure: string,
  target: string,
  unit: string,
  measured: number | undefined,
  meets: (value: number) => boolean,
  why: string,
): Target {
  if (measured === undefined) return { figure, target, measured: why === '' ? 'not measured' : why };
  return { figure, target, measured: `${shown(measured)}${unit}`, met: meets(measured) };
}

/** A number as people read it: thousands grouped, small ones with two decimals. */
export function shown(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}
