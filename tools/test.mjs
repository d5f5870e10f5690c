// Runs the tests and ends with the line `N passed, N failed, N skipped`: node tools/test.mjs [PATH …]
// Exits non-zero on any failure, also of a suite that could not run, and when no test ran at all.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import config from '../jest.config.mjs';

/** Suites that start all services as processes: one after the other, as two at once would only wait for each other. */
const DEPLOYMENTS = '(/test/faults/src/services/|/separateServices)';
/** A process even for one worker, which a memory limit makes Jest use: what a suite leaves open or in memory ends with it. */
const ONE_WORKER = ['--maxWorkers=1', '--workerIdleMemoryLimit=1GB'];
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rapport-tests-'));

/** @returns what Jest reports, and its exit code. @throws Error where it ended without a report */
async function jest(name, ...options) {
  const report = join(folder, `${name}.json`);
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules/jest/bin/jest.js'),
      '--json',
      `--outputFile=${report}`,
      ...options,
    ],
    // Jest prints the report on standard output as well; what people read comes on standard error.
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
  return { status, ...JSON.parse(readFileSync(report, 'utf8')) };
}

try {
  const asked = process.argv.slice(2);
  const results =
    asked.length > 0
      ? [await jest('asked', '--maxWorkers=2', ...asked)]
      : await Promise.all([
          jest('deployments', ...ONE_WORKER, `--testPathPatterns=${DEPLOYMENTS}`),
          jest(
            'others',
            ...ONE_WORKER,
            ...[DEPLOYMENTS, ...config.testPathIgnorePatterns].map(
              (pattern) => `--testPathIgnorePatterns=${pattern}`,
            ),
          ),
        ]);
  for (const { name, assertionResults } of results.flatMap(({ testResults }) => testResults)) {
    for (const { status: outcome, fullName } of assertionResults) {
      if (outcome === 'pending') console.log(`skipped: ${fullName} (${name.slice(root.length)})`);
    }
  }
  const sum = (count) => results.reduce((total, result) => total + count(result), 0);
  const passed = sum(({ numPassedTests }) => numPassedTests);
  const failed = sum(
    ({ numFailedTests, numRuntimeErrorTestSuites }) => numFailedTests + numRuntimeErrorTestSuites,
  );
  const skipped = sum(({ numPendingTests, numTodoTests }) => numPendingTests + numTodoTests);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  // Of all together: without the engines' binaries the deployments are skipped.
  const none = asked.length === 0 && passed === 0;
  process.exitCode = failed > 0 || none ? 1 : Math.max(...results.map(({ status }) => status));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
