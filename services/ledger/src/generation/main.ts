import { parseArgs } from 'node:util';
import { jetstreamManager } from '@nats-io/jetstream';
import { exitOf, linkTo, UsageError } from '@rapport/hosting';
import { DEFAULT_FACTS_SETTINGS, factsStreamName } from '@rapport/messaging';
import { readNatsConfiguration } from '@rapport/platform';
import { pino } from 'pino';
import { beginGeneration } from './beginGeneration.ts';

// Begins a new generation of the facts stream, the repair of one that a foreign message has spoilt, as the NATS user
// `operator` (docs/operations.md, «The facts stream»).
const USAGE = `node services/ledger/dist/generation/main.js --from INDEX [--log LOGID] [--replicas 1|3] [--max-bytes N]
  --from INDEX   index of the first event that the new stream holds: the one after the last good one, 0 for all
  --log LOGID    whose facts; default: the log whose stream takes the tenant's facts now
  --replicas N   as RAPPORT_FACTS_REPLICAS of the ledger (default 1)
  --max-bytes N  as RAPPORT_FACTS_MAX_BYTES of the ledger (default 1073741824)
Needs RAPPORT_NATS_URL, RAPPORT_NATS_USER=operator, RAPPORT_NATS_PASSWORD_FILE.`;

try {
  const { values } = parsed();
  if (values.help === true) process.stdout.write(`${USAGE}\n`);
  else await begin(values);
} catch (error) {
  const { code, line } = exitOf(error);
  process.stderr.write(`rapport generation: ${line}\n`);
  process.exitCode = code;
}

function parsed() {
  try {
    return parseArgs({
      options: {
        from: { type: 'string' },
        log: { type: 'string' },
        replicas: { type: 'string', default: String(DEFAULT_FACTS_SETTINGS.replicas) },
        'max-bytes': { type: 'string', default: String(DEFAULT_FACTS_SETTINGS.maxBytes) },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`, { cause: error });
  }
}

async function begin(values: ReturnType<typeof parsed>['values']): Promise<void> {
  const { from, log, replicas, 'max-bytes': maxBytes } = values;
  if (from === undefined || !/^\d{1,15}$/.test(from))
    throw new UsageError(`--from must be an index\n${USAGE}`);
  if (replicas !== '1' && replicas !== '3') throw new UsageError(`--replicas must be 1 or 3\n${USAGE}`);
  if (!/^[1-9]\d{6,14}$/.test(maxBytes))
    throw new UsageError(`--max-bytes must be a number of bytes\n${USAGE}`);
  const configuration = readNatsConfiguration('generation', process.env);
  const { natsUser, natsPassword } = configuration;
  const link = linkTo(
    { configuration, log: pino({ level: 'warn' }, pino.destination(2)) },
    natsUser ?? 'operator',
    natsUser,
    natsPassword,
  );
  try {
    const manager = await jetstreamManager(await link.connected(), { checkAPI: false });
    const stream = await beginGeneration(manager, {
      tenant: configuration.tenant,
      logId: log,
      offset: Number(from),
      settings: { replicas: replicas === '1' ? 1 : 3, maxBytes: Number(maxBytes) },
    });
    process.stdout.write(
      `${factsStreamName(stream)} begins at index ${stream.offset}. The relay goes on there within seconds.\n`,
    );
  } finally {
    await link.close();
  }
}
