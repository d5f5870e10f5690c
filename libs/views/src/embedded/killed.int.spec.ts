import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { systemMonotonicClock, systemTimers } from '@rapport/platform';
import { testCaches, unwatched } from '@rapport/platform/testing';
import { ProjectionRunner } from '../runner/projectionRunner.ts';
import { expectedView } from '../testing/independentFold.ts';
import { longLog } from '../testing/longLog.ts';
import { tierProjection } from '../testing/tierProjection.ts';
import { ViewBench } from '../testing/viewBench.ts';
import { EmbeddedViewStore } from './embeddedViewStore.ts';

const LOADER = new URL('../../../../tools/swc/register.mjs', import.meta.url).href;
const PROGRAM = fileURLToPath(new URL('../testing/projectingProcess.ts', import.meta.url));

/** Starts a process that projects, and kills it after it has committed `batches`. */
async function projectAndKill(path: string, owner: string, batches: number): Promise<void> {
  const child = spawn(process.execPath, ['--conditions=source', '--import', LOADER, PROGRAM, path, owner], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let committed = 0;
  child.stdout.on('data', (dots: Buffer) => {
    committed += dots.length;
    if (committed >= batches) child.kill('SIGKILL');
  });
  const signal = await new Promise((resolve) => child.once('exit', (_code, ended) => resolve(ended)));
  expect(signal).toBe('SIGKILL');
}

describe('embedded views whose process is killed', () => {
  it('equal an independent fold, after kill -9 in the middle, twice, and the next owner starts at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rapport-views-'));
    try {
      const path = join(folder, 'views.sqlite');
      await projectAndKill(path, 'first', 40);
      await projectAndKill(path, 'second', 70);

      const log = longLog();
      const store = await EmbeddedViewStore.open(path);
      const bench = new ViewBench(log, store);
      const { position } = (await store.control.loadCheckpoint(bench.id))!;
      const head = (await log.head()).position;
      expect(position).toBeGreaterThan(0);
      expect(position).toBeLessThan(head);
      const epochs: number[] = [];
      const runner = new ProjectionRunner({
        caches: testCaches(),
        projections: [tierProjection],
        log,
        store,
        owner: 'third',
        clock: systemMonotonicClock,
        timers: systemTimers,
        followers: unwatched(),
        times: { lease: 600_000, longestOperation: 600_000 },
        events: { acquired: (_, epoch) => void epochs.push(epoch) },
      });
      runner.start();
      expect(await runner.reached(bench.id, head, 20_000)).toBe(true);
      expect(epochs).toEqual([3]);
      expect(await bench.view()).toEqual(expectedView(log.events));
      await runner.stop();
      await store.close();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
