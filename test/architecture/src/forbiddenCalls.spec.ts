import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { forbiddenCalls } from './forbiddenCalls.ts';
import { sources } from './sources.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Where time, timers and randomness may be taken from the system: the platform, adapters, and processes' mains. */
const ALLOWED = [
  /^libs\/platform\//,
  /\/(embedded|kurrentdb|mongodb|nats)\//,
  /\/testing\//,
  /\.spec\.ts$/,
  /\.fixture\.ts$/,
];

describe('time, timers, randomness and locale reach the code only through ports', () => {
  it('no source outside the platform and the adapters calls them', () => {
    const findings = ['libs', 'services']
      .flatMap((folder) => sources(join(ROOT, folder)))
      .map((path) => relative(ROOT, path))
      .filter((path) => !ALLOWED.some((allowed) => allowed.test(path)))
      .flatMap((path) =>
        forbiddenCalls(readFileSync(join(ROOT, path), 'utf8'), path).map(
          ({ line, call }) => `${path}:${line} ${call}`,
        ),
      );
    expect(findings).toEqual([]);
  });

  it.each([
    ['Date.now()', 'Date.now'],
    ['new Date()', 'new Date()'],
    ['setTimeout(() => 1, 5)', 'setTimeout'],
    ['const f = Math.random', 'Math.random'],
    ['performance.now()', 'performance.now'],
    ['randomUUID()', 'randomUUID'],
    ['names.sort((a, b) => a.localeCompare(b))', 'localeCompare'],
  ])('would find %s', (source, call) => {
    expect(forbiddenCalls(source, 'x.ts')).toEqual([{ line: 1, call }]);
  });

  it.each(['new Date(ms)', '// Date.now()', "'Math.random'", 'timers.schedule(5, fire)'])(
    'lets %s be',
    (source) => {
      expect(forbiddenCalls(source, 'x.ts')).toEqual([]);
    },
  );
});
