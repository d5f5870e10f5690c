import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { TEST_CACHE_BYTES } from '@rapport/platform/testing';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What is tested of the services, the gateway and standalone; not processes of their own, which have their own setting. */
const PATHS = [
  'test/e2e/src/(?!separate|startedAlone|cacheBytes|withoutCaches)',
  'services/projector/src/queries',
];

it('a cache is never the only place of anything: without a byte for caches every answer is the same', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-without-caches-'));
  const report = join(folder, 'report.json');
  try {
    const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
    const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest];
    spawnSync(process.execPath, [...flags, '--json', `--outputFile=${report}`, '--maxWorkers=1', ...PATHS], {
      cwd: ROOT,
      env: { ...process.env, [TEST_CACHE_BYTES]: '0' },
    });
    const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
      numPassedTests: number;
      testResults: readonly {
        message: string;
        assertionResults: readonly { status: string; fullName: string }[];
      }[];
    };
    const failed = testResults.flatMap(({ message, assertionResults }) =>
      assertionResults.length === 0
        ? [message]
        : assertionResults.flatMap(({ status, fullName }) => (status === 'failed' ? [fullName] : [])),
    );
    expect(failed).toEqual([]);
    expect(numPassedTests).toBeGreaterThan(200);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 600_000);
