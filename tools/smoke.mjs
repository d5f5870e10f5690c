// The smoke test: clones this checkout into an empty folder, runs the README's first command there as a newcomer
// would, and checks what it prints and serves; stops it, starts it again, and checks that nothing came twice.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const DEADLINE = 240_000;
const command = /```sh\n(npm install && npm start)\n```/.exec(
  readFileSync(join(root, 'README.md'), 'utf8'),
)?.[1];
if (command === undefined) throw new Error('the README has no first command any more');

const checks = [];
function check(name, holds, seen) {
  checks.push(holds);
  console.log(`${holds ? 'ok' : 'FAILED'} ${name}${holds ? '' : `: ${seen}`}`);
}

const folder = mkdtempSync(join(tmpdir(), 'rapport-smoke-'));
const clone = join(folder, 'rapport');
const port = await new Promise((resolve, reject) => {
  const probe = createServer().once('error', reject);
  probe.listen(0, '127.0.0.1', () => {
    const { port: free } = probe.address();
    probe.close(() => resolve(free));
  });
});

/** Runs the command until it says Ready; what it printed, and how to stop it. */
async function start(line) {
  const began = Date.now();
  const child = spawn('sh', ['-c', `exec ${line}`], {
    cwd: clone,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
    process.stdout.write(chunk);
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  while (!/^Ready\./m.test(text)) {
    if (child.exitCode !== null || Date.now() - began > DEADLINE) {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has gone by itself.
      }
      throw new Error(`no «Ready.» after ${Math.round((Date.now() - began) / 1000)} s`);
    }
    await sleep(50);
  }
  return {
    text,
    seconds: (Date.now() - began) / 1000,
    async stop() {
      // Ctrl-C reaches the whole process group.
      process.kill(-child.pid, 'SIGINT');
      const still = Symbol('still running');
      const outcome = await Promise.race([ended, sleep(30_000, still, { ref: false })]);
      return { ended: outcome !== still, text };
    },
  };
}

try {
  const cloned = spawnSync('git', ['clone', '--quiet', root, clone], { stdio: 'inherit' });
  if (cloned.status !== 0) throw new Error('git clone failed');
  const [install, run] = command.split(' && ');
  if (spawnSync('sh', ['-c', install], { cwd: clone, stdio: 'inherit' }).status !== 0)
    throw new Error('npm install failed');
  const startLine = `${run} -- --port ${port}`;

  const first = await start(startLine);
  const events = Number(/Rapport — (\d+) events stored/.exec(first.text)?.[1]);
  check('events are stored', events > 10_000, events);
  for (const tier of ['A', 'B', 'C']) {
    const count = Number(new RegExp(`^  ${tier} \\S+\\s*: (\\d+)$`, 'm').exec(first.text)?.[1]);
    check(`customers of tier ${tier} are counted`, count > 0, count);
  }
  check('the rules that decided are named', /\d+ × R-020 spend band/.test(first.text), 'no rule');
  check('the weakest dimension is named', /← weakest/.test(first.text), 'none');
  check('open tickets are shown', /Open tickets: [1-9]/.test(first.text), 'none');
  check('the samples are imported', /service-records: 2 imported/.test(first.text), 'not so');
  const url = /API documentation\s+(\S+)\/docs/.exec(first.text)?.[1];
  check('ready', (await fetch(`${url}/health/ready`)).status === 200, 'not ready');
  const document = await (await fetch(`${url}/openapi.json`)).json();
  check('OpenAPI 3.1', document.openapi.startsWith('3.1'), document.openapi);
  check('documentation', (await fetch(`${url}/docs`)).status === 200, 'no page');
  const { token } = await (
    await fetch(`${url}/demo/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ role: 'account-manager' }),
    })
  ).json();
  const summary = await (
    await fetch(`${url}/api/tiers/summary`, { headers: { authorization: `Bearer ${token}` } })
  ).json();
  check(
    'about 200 customers',
    summary.A + summary.B + summary.C + summary.prospect >= 190,
    JSON.stringify(summary),
  );
  const stopped = await first.stop();
  // npm itself may end by the signal; that Rapport exits with 0 is shown in test/faults.
  check('Ctrl-C stops it cleanly', stopped.ended && /^stopped\.$/m.test(stopped.text), 'it did not say so');

  const second = await start(startLine);
  const again = Number(/Rapport — (\d+) events stored/.exec(second.text)?.[1]);
  check('the second start finds everything', again === events, `${again} events, not ${events}`);
  check(
    'nothing is imported twice',
    /service-records: 0 imported, 2 there before/.test(second.text),
    'imported again',
  );
  check('the second start is quick', !/demo: two years/.test(second.text), 'the demo was lived again');
  const stoppedAgain = await second.stop();
  check('it stops again', stoppedAgain.ended && /^stopped\.$/m.test(stoppedAgain.text), 'not cleanly');
  console.log(`first start ${first.seconds.toFixed(1)} s, second ${second.seconds.toFixed(1)} s`);
} catch (error) {
  check('the README’s first command', false, error instanceof Error ? error.message : error);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = checks.every(Boolean) ? 0 : 1;
