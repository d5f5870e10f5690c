import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { HeapGrowth } from '@rapport/platform/testing';
import { FILLINGS } from './caches/fillings.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const MEASURE = fileURLToPath(new URL('./caches/measure.ts', import.meta.url));

/** docs/configuration.md, «Memory», promises it. */
const FACTOR = 1.5;

/** Fills a cache in a process of its own. */
function measured(cache: string): HeapGrowth {
  const loader = ['--conditions=source', '--import', `${ROOT}tools/swc/register.mjs`];
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', ...loader, MEASURE, cache], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as HeapGrowth;
}

describe('the estimate of what a cache holds', () => {
  it.each(Object.keys(FILLINGS))('of %s is within a factor of 1.5 of what memory grows by', (cache) => {
    const { estimated, grown } = measured(cache);
    expect(grown).toBeGreaterThan(1_000_000);
    expect(estimated / grown).toBeGreaterThan(1 / FACTOR);
    expect(estimated / grown).toBeLessThan(FACTOR);
  });
});
