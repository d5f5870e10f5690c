import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryLock } from '@rapport/event-store';
import { keptPorts } from './keptPorts.ts';
import { LocalDeployment } from './localDeployment.ts';
import { LocalProcess } from './localProcess.ts';
import { nodeArguments } from './places.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-local-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the folder of separate services on one machine', () => {
  it('is refused to a second start before anything in it is touched, and free again afterwards', async () => {
    const lock = DirectoryLock.take(folder);
    await expect(LocalDeployment.prepare({ folder })).rejects.toMatchObject({ failure: 'in-use' });
    const told = await started('--data', folder);
    expect(told).toMatchObject({ code: 75, words: expect.stringContaining('in use by another process') });
    expect(readdirSync(folder).filter((name) => !name.startsWith('lock.sqlite'))).toEqual([]);
    lock.release();
    DirectoryLock.take(folder).release();
  });

  it('is refused while engines of a start that was killed still live on it', async () => {
    mkdirSync(join(folder, 'nats'));
    const left = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)', folder], {
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => left.once('exit', resolve));
    try {
      writeFileSync(join(folder, 'nats', 'pid'), `${left.pid}\n`);
      await expect(LocalDeployment.prepare({ folder })).rejects.toMatchObject({
        failure: 'in-use',
        message: expect.stringContaining(`kill ${left.pid}`),
      });
    } finally {
      left.kill('SIGKILL');
      await ended;
    }
  });

  it('a port that is taken ends the start with 69, in one line, and changes nothing', async () => {
    const holder = await listening();
    try {
      const told = await started('--data', folder, '--port', String(portOf(holder)));
      expect(told).toMatchObject({ code: 69, words: expect.stringContaining('--port') });
      expect(told.words).not.toMatch(/^\s+at /m);
    } finally {
      await new Promise((resolve) => holder.close(resolve));
    }
  });

  it('keeps its ports from one start to the next, but for those that are taken meanwhile', async () => {
    const file = join(folder, 'ports.json');
    const names = ['nats', 'ferretdb', 'tickets-1'];
    const first = await keptPorts(file, names);
    expect(await keptPorts(file, names)).toEqual(first);
    const holder = await listening(first.get('ferretdb'));
    const second = await keptPorts(file, names);
    await new Promise((resolve) => holder.close(resolve));
    expect(second.get('nats')).toBe(first.get('nats'));
    expect(second.get('ferretdb')).not.toBe(first.get('ferretdb'));
    expect(new Set(second.values()).size).toBe(3);
  });
});

describe('a process of this machine', () => {
  it('says of a start that failed what it said at this start, and its exit code', async () => {
    const logFile = join(folder, 'log');
    writeFileSync(logFile, 'words of a former life\n');
    const failing = new LocalProcess({
      name: 'failing',
      command: process.execPath,
      args: ['-e', 'console.log("no room"); process.exitCode = 74'],
      logFile,
      ready: async () => false,
    });
    await expect(failing.start()).rejects.toMatchObject({
      message: 'failing ended at its start: no room',
      exitCode: 74,
    });
    expect(failing.words()).toBe('no room\n');
    expect(failing.log()).toContain('former life');
  });
});

/** Runs start:services to its end. */
async function started(...args: readonly string[]): Promise<{ code: number | undefined; words: string }> {
  const start = new LocalProcess({
    name: 'start',
    command: process.execPath,
    args: nodeArguments('deploy/local/src/main', ...args),
    env: {},
    logFile: `${folder}.log`,
    ready: async () => true,
  });
  start.launch();
  await start.end();
  const words = start.words();
  rmSync(`${folder}.log`);
  return { code: start.exitCode, words };
}

function listening(port = 0): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
