import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { exitOf, UsageError } from '@rapport/hosting';
import { readRestoreOptions, restoredText, RESTORE_OPTIONS, RESTORE_USAGE } from '@rapport/service-ledger';
import { restoreFrom, restoreInPlace } from './restoreFolder.ts';

const USAGE = `npm run restore -- [--data DIR] [--from FOLDER] [--erased FILE] [--keys-of LOGID]
  --data DIR       data folder; with --from a new one, else one that the backup's log was put into (default ./data)
  --from FOLDER    the backup
${RESTORE_USAGE}`;

try {
  const { data = 'data', from, help, ...values } = options(process.argv.slice(2));
  if (help === true) process.stdout.write(`${USAGE}\n`);
  else {
    if (data === '' || from === '') throw new UsageError(`--data and --from must name folders\n${USAGE}`);
    const choices = readRestoreOptions(values);
    const folder = resolve(data);
    const restored =
      from === undefined
        ? await restoreInPlace(folder, choices)
        : await restoreFrom(resolve(from), folder, choices);
    process.stdout.write(
      restored === undefined
        ? `The restore that was cut off is done. ${folder} can be started.\n`
        : restoredText(restored),
    );
  }
} catch (error) {
  const { code, line } = exitOf(error);
  process.stderr.write(`rapport restore: ${line}\n`);
  process.exitCode = code;
}

function options(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { ...RESTORE_OPTIONS, data: { type: 'string' }, from: { type: 'string' } },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`, { cause: error });
  }
}
