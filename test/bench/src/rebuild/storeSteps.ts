import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemTimers } from '@rapport/platform';
import { NotAvailable } from '../notAvailable.ts';
import { FROM_SOURCE, sourceFile, workFolder, WORKSPACE } from '../places.ts';
import { residentMemory } from '../processes/residentMemory.ts';
import { StartedProcess } from '../processes/startedProcess.ts';
import type { ComparisonResult, GeneratedStore, RebuildResult } from './store.ts';

const SAMPLE_EVERY_MS = 100;

/** A store of `events` events under .work, generated on first use; it is kept for later runs. */
export async function generatedStore(events: number): Promise<{ dir: string; store: GeneratedStore }> {
  const dir = join(workFolder('stores'), String(events));
  const outcome = `${dir}.json`;
  if (!existsSync(outcome)) {
    rmSync(dir, { recursive: true, force: true });
    workFolder(join('stores', String(events)));
    console.log(`  generating ${events.toLocaleString('en')} events (once) …`);
    await runStep('generate', dir, outcome, [String(events)]);
  }
  return { dir, store: JSON.parse(readFileSync(outcome, 'utf8')) };
}

export interface MeasuredRebuild extends RebuildResult, ComparisonResult {
  /** The most resident memory that the rebuilding process ever had, in MB; undefined where the system does not tell. */
  readonly peakMb: number | undefined;
}

/** Rebuilds the views of a store in a process of its own, watching its memory, and compares them in another one. */
export async function measuredRebuild(dir: string, profiles?: string): Promise<MeasuredRebuild> {
  const outcome = join(workFolder('results'), 'rebuild.outcome');
  rmSync(outcome, { force: true });
  const peakMb = await runStep('rebuild', dir, outcome, [], profiles);
  const rebuild: RebuildResult = JSON.parse(readFileSync(outcome, 'utf8'));
  await runStep('compare', dir, outcome);
  const comparison: ComparisonResult = JSON.parse(readFileSync(outcome, 'utf8'));
  return { ...rebuild, ...comparison, peakMb };
}

async function runStep(
  step: string,
  dir: string,
  outcome: string,
  more: readonly string[] = [],
  profiles?: string,
) {
  const profiling = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const child = new StartedProcess({
    name: `${step}-events`,
    command: process.execPath,
    args: [...profiling, ...FROM_SOURCE, sourceFile('rebuild/main.ts'), step, dir, outcome, ...more],
    cwd: WORKSPACE,
  });
  let peakMb: number | undefined;
  let running = true;
  const end = child.end().finally(() => {
    running = false;
  });
  while (running) {
    peakMb = residentMemory(child.pid)?.peakMb ?? peakMb;
    await Promise.race([end, systemTimers.sleep(SAMPLE_EVERY_MS)]);
  }
  const how = await end;
  if (how !== 'exit code 0') {
    const said = readFileSync(child.log, 'utf8').trim().split('\n').at(-1) ?? '';
    throw new NotAvailable(`not available: ${said === '' ? `${step} ended with ${how}` : said}`);
  }
  return peakMb;
}
