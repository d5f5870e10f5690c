import { systemMonotonicClock, systemTimers } from '@rapport/platform';
import { testCaches, unwatched } from '@rapport/platform/testing';
import { EmbeddedViewStore } from '../embedded/embeddedViewStore.ts';
import { ProjectionRunner } from '../runner/projectionRunner.ts';
import { longLog } from './longLog.ts';
import { tierProjection } from './tierProjection.ts';

// Run as a process of its own: projects until it is killed, and says how often it has saved a checkpoint.
const [path, owner] = process.argv.slice(2) as [string, string];
new ProjectionRunner({
  projections: [tierProjection],
  log: longLog(),
  store: await EmbeddedViewStore.open(path),
  owner,
  clock: systemMonotonicClock,
  timers: systemTimers,
  caches: testCaches(),
  followers: unwatched(),
  events: { committed: () => void process.stdout.write('.') },
}).start();
