import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOfDay } from '@rapport/calendar';
import { exitOf, openKeys } from '@rapport/hosting';
import { readConfiguration, standaloneCaches, systemClock } from '@rapport/platform';
import { openEvents } from '@rapport/service-ledger';
import { EmbeddedViewStore } from '@rapport/views';
import { composeStandalone } from '../composition/standalone.ts';
import { demoBegins } from './demoPlan.ts';
import { fillWithDemo } from './fillWithDemo.ts';

// Lives the demo and imports the samples into the log and the keys that separate services share, before they start:
// with the ledger's own configuration, all services in this one process because the demo moves their clock. The views
// that it needs meanwhile are thrown away; the projector builds its own from the log.
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());

const folder = mkdtempSync(join(tmpdir(), 'rapport-demo-'));
try {
  const configuration = readConfiguration('ledger', process.env);
  const caches = standaloneCaches();
  const events = await openEvents(configuration.eventStore, caches);
  const { index } = await events.head();
  const keys = await openKeys(configuration, index > 0, caches);
  const views = await EmbeddedViewStore.open(join(folder, 'views.sqlite'), caches);
  const standalone = await composeStandalone(
    {
      events,
      keys,
      views,
      close: async () => {
        await views.close();
        await keys.close();
        await events.close();
      },
    },
    caches,
    (alert, facts) => console.error(alert, JSON.stringify(facts)),
    { bornAt: startOfDay(demoBegins(systemClock.now())) },
  );
  try {
    await fillWithDemo(standalone, stopping.signal, process.stdout);
  } finally {
    await standalone.close();
  }
  process.stdout.write('The log is ready.\n');
} catch (error) {
  const { code, line } = exitOf(error);
  process.stderr.write(`rapport demo: ${line}\n`);
  process.exitCode = code;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
