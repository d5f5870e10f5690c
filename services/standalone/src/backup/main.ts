import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { exitOf, UsageError } from '@rapport/hosting';
import { backUp } from './backUp.ts';

const USAGE = `npm run backup -- --to FOLDER [--data DIR]
  --to FOLDER  a new folder for log and keys; guard it like the keys
  --data DIR   data folder, in use or not (default ./data)`;

try {
  const { to, data, help } = options(process.argv.slice(2));
  if (help === true) process.stdout.write(`${USAGE}\n`);
  else {
    if (to === undefined || to === '') throw new UsageError(`--to must name a new folder\n${USAGE}`);
    const target = resolve(to);
    backUp(resolve(data ?? 'data'), target);
    process.stdout.write(`Backed up log and keys into ${target}. Whoever has it can read everything.\n`);
  }
} catch (error) {
  const { code, line } = exitOf(error);
  process.stderr.write(`rapport backup: ${line}\n`);
  process.exitCode = code;
}

function options(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        to: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`, { cause: error });
  }
}
