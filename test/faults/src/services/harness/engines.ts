import { describe } from '@jest/globals';
import { missingEngines } from '@rapport/local';

const missing = missingEngines();

/** `describe` where the engines' binaries are given; else a skipped suite whose name says what to set. */
export function describeServices(name: string, tests: () => void): void {
  if (missing.length === 0) describe(name, tests);
  else describe.skip(`${name} (set ${missing.join(', ')})`, tests);
}
