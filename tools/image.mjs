// Runs what deploy/docker/Dockerfile says as plain commands, where there is no Docker: node tools/image.mjs [--keep]
// The RUN lines of the first stage in a copy of what git has committed, the COPY lines of the second into an empty
// folder (of its RUN lines the one that writes the system's authorities, elsewhere; the other makes only mount points),
// then the entry point there. Ends with `ok` and `not ok` lines; the base images are not part of it.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rapport-image-'));
const [source, app] = [join(folder, 'src'), join(folder, 'app')];
const [buildStage, runStage] = readFileSync(join(root, 'deploy/docker/Dockerfile'), 'utf8')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split(/^FROM .*$/m)
  .slice(1);
let failed = 0;

function check(name, holds, seen = '') {
  if (!holds) failed += 1;
  console.log(`${holds ? 'ok' : 'not ok'} ${name}${holds || seen === '' ? '' : `: ${seen}`}`);
}

function run(command, cwd, env = {}) {
  return spawnSync('sh', ['-ec', command], { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
}

const [, node, ...entryArguments] = JSON.parse(
  `["",${/^ENTRYPOINT \[(.*)\]$/m.exec(runStage)[1].replaceAll('/app/', `${app}/`)}]`,
);
const entry = (...more) => [...entryArguments, ...more];

try {
  mkdirSync(source);
  mkdirSync(app);
  const copied = run(`git archive HEAD | tar x -C '${source}'`, root);
  if (copied.status !== 0) throw new Error(copied.stderr);
  removeIgnored();
  for (const [, command] of buildStage.matchAll(/^RUN (.*)$/gm)) {
    const { status, stderr } = run(command, source);
    check(`RUN ${command.slice(0, 60)}`, status === 0, stderr.slice(-2_000));
  }
  for (const [, from, to] of runStage.matchAll(/^COPY --from=build \/src\/(\S+) \.\/(\S+)$/gm)) {
    cpSync(join(source, from), join(app, to), { recursive: true, verbatimSymlinks: true });
  }
  const size = Number(run('du -sm .', app).stdout.split('\t')[0]);
  check(`the application has ${size} MB, at most 250`, size <= 250);
  rmSync(source, { recursive: true, force: true });
  const sources = readdirSync(app, { recursive: true })
    .map(String)
    .filter((path) => !path.includes('node_modules') && /(\.spec\.|\.ts$)/.test(path));
  check('it has no sources or tests', sources.length === 0, sources.slice(0, 5).join(' '));
  const modules = readdirSync(join(app, 'node_modules'));
  check(
    'it has no development tools',
    !['jest', 'nx', 'oxlint', 'prettier'].some((name) => modules.includes(name)),
  );

  const authorities = run(
    /^RUN (.*ca-certificates\.crt.*)$/m.exec(runStage)?.[1].replaceAll('/etc/ssl/certs', `${folder}/certs`) ??
      'false',
    '/',
  );
  check(
    'who reads the system’s authorities finds some',
    authorities.status === 0 &&
      readFileSync(join(folder, 'certs/ca-certificates.crt'), 'utf8').split('BEGIN CERTIFICATE').length > 50,
    authorities.stderr,
  );

  const help = spawnSync(node, entry('standalone', '--help'), { cwd: '/', encoding: 'utf8' });
  check('standalone starts from the build', help.status === 0 && /npm start/.test(help.stdout), help.stderr);
  for (const name of ['', 'nobody', '../standalone', 'toString']) {
    const { status } = spawnSync(node, entry(...(name === '' ? [] : [name])), { cwd: '/' });
    check(`«${name}» is refused`, status === 64, status);
  }
  const secrets = () => spawnSync(node, entry('secrets', join(folder, 'secrets')), { encoding: 'utf8' });
  check('secrets are made', secrets().status === 0);
  const key = readFileSync(join(folder, 'secrets/master.key'), 'utf8');
  check(
    'and kept',
    secrets().status === 0 && readFileSync(join(folder, 'secrets/master.key'), 'utf8') === key,
  );

  check('standalone lives its demo, written nowhere but in its data', await standalone());
} catch (error) {
  check('the image', false, error instanceof Error ? error.stack : error);
} finally {
  run(`chmod -R u+w '${folder}'`, '/');
  if (process.argv.includes('--keep')) console.log(`kept: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;

/** What Docker would not be sent: everything but what the ignore file names with «!». */
function removeIgnored() {
  const taken = readFileSync(join(root, 'deploy/docker/Dockerfile.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => new RegExp(`^${line.slice(1).replaceAll('.', '\\.').replaceAll('*', '[^/]*')}(/|$)`));
  for (const entry of readdirSync(source, { withFileTypes: true, recursive: true })) {
    const path = relative(source, join(entry.parentPath, entry.name));
    if (entry.isFile() && !taken.some((pattern) => pattern.test(path))) rmSync(join(source, path));
  }
}

/** With the application's folder made read-only (for root that is only a wish: then what changed is looked for). */
async function standalone() {
  run('find . > ../before; chmod -R a-w .', app);
  const child = spawn(node, entry('standalone', '--data', join(folder, 'data'), '--port', '0'), {
    cwd: '/',
    env: { PATH: process.env.PATH, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    // Once: a second signal would end it at once.
    if (!child.killed && /^Ready\./m.test(text)) child.kill('SIGTERM');
  }
  const { status } = run('find . > ../after; cmp ../before ../after', app);
  return /^stopped\.$/m.test(text) && status === 0;
}
