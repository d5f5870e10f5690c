import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Problem } from '@rapport/platform';
import cliProgress from 'cli-progress';
import { pino } from 'pino';
import { EXIT, exitOf, UsageError } from '@rapport/hosting';
import { demoActor } from '@rapport/service-gateway';
import { IMPORT_KINDS } from '@rapport/service-imports';
import { startStandalone } from '../composition/standalone.ts';
import { CsvFormatError } from './csvRows.ts';
import {
  importRows,
  readImportFile,
  type FileImport,
  type FileReport,
  type ReadFile,
  type TakeRows,
} from './importFile.ts';
import { importTarget } from './importTarget.ts';
import { takeRowsHere } from './takeRowsHere.ts';
import { checkRows } from './strangerTarget.ts';
import { demoToken, takeRowsThere } from './takeRowsThere.ts';
import { EncodingError } from './textEncoding.ts';

const USAGE = `npm run import -- KIND FILE [--dry-run] [--data DIR] [--url URL]
  KIND        ${[...IMPORT_KINDS.keys()].join(', ')}
  FILE        CSV in UTF-8 or GB18030, with a header line
  --dry-run   check the rows, store nothing; which of them are there already it does not say
  --data DIR  data folder; when a Rapport runs on it, the rows go there over HTTP
  --url URL   a running Rapport; RAPPORT_TOKEN is its bearer token (on this machine: the demo sign-in)
Without --data and --url: the Rapport that runs here (on ./data, ./data-services or http://127.0.0.1:3000); where none
does, the folder ./data.`;

const DEFAULTS = {
  folder: resolve('data'),
  servicesFolder: resolve('data-services'),
  url: 'http://127.0.0.1:3000',
};

interface Options {
  readonly kind: string;
  readonly path: string;
  readonly dryRun: boolean;
  readonly data: string | undefined;
  readonly url: string | undefined;
}

function parse(args: readonly string[]): Options {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { 'dry-run': { type: 'boolean' }, data: { type: 'string' }, url: { type: 'string' } },
    });
    const [kind, path, ...rest] = positionals;
    if (kind === undefined || path === undefined || rest.length > 0)
      throw new Error('KIND and FILE are needed');
    if (!IMPORT_KINDS.has(kind)) throw new Error(`there is no kind of import called ${kind}`);
    return {
      kind,
      path: resolve(path),
      dryRun: values['dry-run'] === true,
      data: values.data === undefined ? undefined : resolve(values.data),
      url: values.url?.replace(/\/$/, ''),
    };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`, { cause: error });
  }
}

async function run(options: Options): Promise<FileReport> {
  const bar = new cliProgress.SingleBar({
    format: '{bar} {percentage} % | {value}/{total} rows',
    noTTYOutput: true,
    notTTYSchedule: 1_000,
    stream: process.stderr,
  });
  let started = false;
  const job = {
    ...options,
    progress: (done: number, rows: number): void => {
      if (!started) bar.start(rows, 0);
      started = true;
      bar.update(done);
    },
  };
  // The file first: one that can't be read opens no log and starts nothing.
  const file = await readImportFile(options.kind, options.path);
  try {
    const target = await importTarget(options, DEFAULTS);
    if ('url' in target) {
      process.stdout.write(`to ${target.url}\n`);
      return await importRows(job, file, await takeRowsOf(target.url));
    }
    process.stdout.write(`into ${target.folder}\n`);
    if (options.dryRun && !existsSync(join(target.folder, 'events.sqlite'))) {
      return await importRows(job, file, checkRows);
    }
    return await importHere(job, file, target.folder);
  } finally {
    if (started) bar.stop();
  }
}

async function takeRowsOf(url: string): Promise<TakeRows> {
  return takeRowsThere(url, process.env['RAPPORT_TOKEN'] ?? (await demoToken(url)));
}

/** Into the data folder itself. */
async function importHere(job: FileImport, file: ReadFile, data: string): Promise<FileReport> {
  const log = pino({ level: 'warn' }, pino.destination(2));
  const standalone = await startStandalone(data, (alert, facts) => log.error(facts, alert));
  try {
    return await importRows(job, file, takeRowsHere(standalone, demoActor('administrator')));
  } finally {
    await standalone.close();
  }
}

try {
  const options = parse(process.argv.slice(2));
  const { rows, imported, repeated, bad, encoding, errorFile } = await run(options);
  // A dry run sends no command, and only commands say what was there before.
  const good = options.dryRun
    ? `${imported} would be imported where they are not there yet`
    : `${imported} imported, ${repeated} there before`;
  process.stdout.write(`${rows} rows (${encoding}): ${good}, ${bad.length} bad\n`);
  if (errorFile !== undefined) {
    process.stdout.write(`bad rows with line and reason: ${errorFile}\n`);
    process.exitCode = EXIT.io;
  }
} catch (error) {
  const told = error instanceof EncodingError || error instanceof CsvFormatError || error instanceof Problem;
  const { code, line } = told ? { code: EXIT.io, line: error.message } : exitOf(error);
  process.stderr.write(`rapport: ${line}\n`);
  process.exitCode = code;
}
