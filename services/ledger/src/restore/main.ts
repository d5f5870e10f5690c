import { parseArgs } from 'node:util';
import { exitOf, openKeys, UsageError } from '@rapport/hosting';
import { CacheBudget, readConfiguration, systemClock, systemRandom } from '@rapport/platform';
import { openEvents } from '../process/openEvents.ts';
import { restoredText } from './restoredText.ts';
import { restoreLog } from './restoreLog.ts';
import { readRestoreOptions, RESTORE_OPTIONS, RESTORE_USAGE } from './restoreOptions.ts';

// Makes a restored event store a log of its own, with the ledger's own configuration, while every service is stopped:
// the last step of a restore of the distributed form (docs/operations.md).
const USAGE = `node services/ledger/dist/restore/main.js [--services-stopped] [--erased FILE] [--keys-of LOGID]
  --services-stopped  says so for an event store that is a server: it cannot be asked
${RESTORE_USAGE}`;

try {
  const { values } = parseArgs({
    options: { ...RESTORE_OPTIONS, 'services-stopped': { type: 'boolean' } },
  });
  if (values.help === true) process.stdout.write(`${USAGE}\n`);
  else await restore(values);
} catch (error) {
  const wrong = (error as { code?: unknown }).code;
  const usage = typeof wrong === 'string' && wrong.startsWith('ERR_PARSE_ARGS');
  const { code, line } = exitOf(
    usage ? new UsageError(`${(error as Error).message}\n${USAGE}`, { cause: error }) : error,
  );
  process.stderr.write(`rapport restore: ${line}\n`);
  process.exitCode = code;
}

async function restore(values: {
  readonly 'services-stopped'?: boolean;
  readonly erased?: string;
  readonly 'keys-of'?: string;
}): Promise<void> {
  const options = readRestoreOptions(values);
  const configuration = readConfiguration('ledger', process.env);
  if (configuration.eventStore.kind === 'server' && values['services-stopped'] !== true) {
    throw new UsageError(
      'whether a ledger uses this event store cannot be seen from here: stop every service, then say --services-stopped',
    );
  }
  const caches = new CacheBudget('ledger', configuration.cacheBytes);
  const store = await openEvents(configuration.eventStore, caches);
  try {
    const keys = await openKeys(configuration, true, caches);
    try {
      const restored = await restoreLog({
        ...options,
        tenant: configuration.tenant,
        store,
        keys,
        clock: systemClock,
        random: systemRandom,
      });
      process.stdout.write(restoredText(restored));
    } finally {
      await keys.close();
    }
  } finally {
    await store.close();
  }
}
