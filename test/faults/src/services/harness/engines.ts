import { describe } from '@jest/globals';

const NEEDED = ['RAPPORT_TEST_NATS_SERVER', 'RAPPORT_TEST_FERRETDB_SERVER'];
const missing = NEEDED.filter((name) => (process.env[name] ?? '') === '');

/** `describe` where the engines' binaries are given; else a skipped suite whose name says what to set. */
export function describeServices(name: string, tests: () => void): void {
  if (missing.length === 0) describe(name, tests);
  else describe.skip(`${name} (set ${missing.join(', ')})`, tests);
}
