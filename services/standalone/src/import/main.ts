import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StoreError } from '@rapport/event-store';
import { Problem } from '@rapport/platform';
import cliProgress from 'cli-progress';
import { pino } from 'pino';
import { EXIT, exitOf, UsageError } from '@rapport/hosting';
import { demoActor } from '@rapport/service-gateway';
import { IMPORT_KINDS } from '@rapport/service-imports';
import { announcedServer } from '../composition/serverFile.ts';
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
import { takeRowsHere } from './takeRowsHere.ts';
import { checkRows } from './strangerTarget.ts';
import { demoToken, takeRowsThere } from './takeRowsThere.ts';
import { EncodingError } from './textEncoding.ts';

const USAGE = `npm run import -- KIND FILE [--dry-run] [--data DIR] [--url URL]
  KIND        ${[...IMPORT_KINDS.keys()].join(', ')}
  FILE        CSV in UTF-8 or GB18030, with a header line
  --dry-run   check the rows, store nothing
  --data DIR  data folder (default ./data); when a Rapport runs on it, the rows go there over HTTP
  --url URL   a running Rapport; RAPPORT_TOKEN is its bearer token (on this machine: the demo sign-in)`;

interface Options {
  readonly kind: string;
  readonly path: string;
  readonly dryRun: boolean;
  readonly data: string;
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
      data: resolve(values.data ?? 'data'),
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
    if (options.url !== undefined) return await importRows(job, file, await takeRowsOf(options.url));
    if (options.dryRun && !existsSync(join(options.data, 'events.sqlite'))) {
      return await importRows(job, file, checkRows);
    }
    return await importHere(job, file, options.data);
  } finally {
    if (started) bar.stop();
  }
}

async function takeRowsOf(url: string): Promise<TakeRows> {
  return takeRowsThere(url, process.env['RAPPORT_TOKEN'] ?? (await demoToken(url)));
}

/** Into the data folder itself, or through the process that has it. */
async function importHere(job: FileImport, file: ReadFile, data: string): Promise<FileReport> {
  const log = pino({ level: 'warn' }, pino.destination(2));
  let standalone: Awaited<ReturnType<typeof startStandalone>>;
  try {
    standalone = await startStandalone(data, (alert, facts) => log.error(facts, alert));
  } catch (error) {
    const server = announcedServer(data);
    if (!(error instanceof StoreError) || error.failure !== 'in-use' || server === undefined) throw error;
    return importRows(job, file, await takeRowsOf(server.url));
  }
  try {
    return await importRows(job, file, takeRowsHere(standalone, demoActor('administrator')));
  } finally {
    await standalone.close();
  }
}

try {
  const options = parse(process.argv.slice(2));
  const { rows, imported, repeated, bad, encoding, errorFile } = await run(options);
  const verb = options.dryRun ? 'would be imported' : 'imported';
  process.stdout.write(
    `${rows} rows (${encoding}): ${imported} ${verb}, ${repeated} there before, ${bad.length} bad\n`,
  );
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
