// Installs FerretDB 1.24.0 with its SQLite backend, which speaks MongoDB's protocol to the official driver, into the
// cache of engines (RAPPORT_ENGINES, default ~/.cache/rapport/engines) unless it is there, and prints its path. Needs
// go and a Go module proxy. Run it as `ferretdb --listen 127.0.0.1:27018 --data FOLDER`; for tests and laptops only.
//
// One line of it is corrected: it looks documents up by an expression that its own index over `_id` was not made with,
// so that each lookup reads the whole collection (docs/decisions/0022).
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { appendFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODULE = 'github.com/FerretDB/FerretDB';
const VERSION = '1.24.0';
const LOOKUP_FILE = 'internal/backends/sqlite/metadata/metadata.go';
const LOOKUP = `IDColumn = DefaultColumn + "->'$._id'"`;
const INDEXED_LOOKUP = 'IDColumn = DefaultColumn + `->"_id"`';

const engines = process.env.RAPPORT_ENGINES ?? join(homedir(), '.cache', 'rapport', 'engines');
const binary = join(engines, `ferretdb-${VERSION}-rapport1`);
if (!existsSync(binary)) build();
console.log(binary);

function build() {
  console.error(`building FerretDB ${VERSION} into ${engines}: once, a few minutes…`);
  mkdirSync(engines, { recursive: true });
  const folder = mkdtempSync(join(engines, 'ferretdb-build-'));
  try {
    cpSync(fileURLToPath(new URL('ferretdb', import.meta.url)), folder, { recursive: true });
    // Checked against go.sum before a line of it is changed.
    const { Dir } = JSON.parse(go(folder, 'mod', 'download', '-json', MODULE));
    const source = join(folder, 'source');
    cpSync(Dir, source, { recursive: true });
    makeWritable(source);
    const file = join(source, LOOKUP_FILE);
    const text = readFileSync(file, 'utf8');
    if (!text.includes(LOOKUP))
      throw new Error(`${MODULE} v${VERSION} has another ${LOOKUP_FILE} than expected`);
    writeFileSync(
      file,
      text.replace(LOOKUP, () => INDEXED_LOOKUP),
    );
    appendFileSync(join(folder, 'go.mod'), `\nreplace ${MODULE} => ./source\n`);
    go(folder, 'build', '-trimpath', '-buildvcs=false', '-o', join(folder, 'ferretdb.built'), '.');
    // Of two that build at once, one replaces the other's by the same.
    renameSync(join(folder, 'ferretdb.built'), binary);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function go(cwd, ...args) {
  const { status, stdout, stderr, error } = spawnSync('go', args, { cwd, encoding: 'utf8' });
  if (error !== undefined) throw new Error(`go is needed to build FerretDB: ${error.message}`);
  if (status !== 0) throw new Error(`go ${args.join(' ')} failed:\n${stderr}${stdout}`);
  return stdout;
}

/** Go keeps its modules read-only. */
function makeWritable(folder) {
  chmodSync(folder, 0o755);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) makeWritable(path);
    else chmodSync(path, 0o644);
  }
}
