// Installs a tool from its Go module into a cache folder where it is not there yet; returns its path. The folder is
// RAPPORT_ENGINES, by default ~/.cache/rapport/engines.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * @param {string} name of the binary, the last word of the module's path
 * @param {string} module with version: `example.com/x/cmd/x@v1.2.3`
 * @returns {string} the path
 * @throws Error where it can't be installed, with what to do
 */
export function goTool(name, module) {
  const folder = process.env.RAPPORT_ENGINES || join(homedir(), '.cache', 'rapport', 'engines');
  const tool = join(folder, name);
  if (existsSync(tool)) return tool;
  mkdirSync(folder, { recursive: true });
  const scratch = mkdtempSync(join(folder, 'installing-'));
  try {
    const { status, error } = spawnSync('go', ['install', module], {
      stdio: ['ignore', process.stderr, process.stderr],
      env: { ...process.env, GOBIN: scratch, GOFLAGS: '-p=2' },
    });
    if (status !== 0) {
      const why = error === undefined ? 'see above' : error.message;
      throw new Error(`${name} could not be installed (${why}): install Go, or put it at ${tool}`);
    }
    // Renamed into place: another run never sees half a file.
    renameSync(join(scratch, name), tool);
    return tool;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** As a program: prints the path, and only that, on standard output. */
export function printGoTool(name, module) {
  try {
    console.log(goTool(name, module));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
