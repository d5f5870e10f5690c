// Runs the tests and ends with the line `N passed, N failed, N skipped`: node tools/test.mjs [PATH …]
// Exits non-zero on any failure, also of a suite that could not run, and when no test ran at all.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rapport-tests-'));
const report = join(folder, 'report.json');
try {
  const { status, signal } = spawnSync(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules/jest/bin/jest.js'),
      // Worker processes: a second core helps, and what a suite leaves open ends with its process.
      '--maxWorkers=2',
      '--json',
      `--outputFile=${report}`,
      ...process.argv.slice(2),
    ],
    // Jest prints the report on standard output as well; what people read comes on standard error.
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const {
    numPassedTests,
    numFailedTests,
    numPendingTests,
    numTodoTests,
    numRuntimeErrorTestSuites,
    testResults,
  } = JSON.parse(readFileSync(report, 'utf8'));
  for (const { name, assertionResults } of testResults) {
    for (const { status: outcome, fullName } of assertionResults) {
      if (outcome === 'pending') console.log(`skipped: ${fullName} (${name.slice(root.length)})`);
    }
  }
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  console.log(`${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`);
  process.exitCode =
    failed > 0 || (numPassedTests === 0 && process.argv.length === 2) || signal !== null ? 1 : (status ?? 1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
