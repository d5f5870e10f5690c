import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { until } from '@rapport/platform/testing';
import { Client, type StoredEvent } from '@rapport/test-checks';
import { MAY_MOUNT, smallDisk } from './harness/fileSystems.ts';
import { RapportProcess, removeFolder, temporaryFolder } from './harness/rapportProcess.ts';

const onDisk = MAY_MOUNT ? it : it.skip;

/** Refused in one clear line: what is wrong and what to do, and an exit code (sysexits.h). */
async function refused(rapport: RapportProcess, code: number, line: RegExp): Promise<void> {
  const exit = await rapport.exited();
  expect(exit.stderr).toMatch(line);
  expect(exit.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(exit.stderr).toMatch(/^rapport: /);
  expect(exit.code).toBe(code);
}

/** Starts it, and reads its log. */
async function logIn(directory: string): Promise<readonly StoredEvent[]> {
  const rapport = await RapportProcess.ready(directory);
  const log = await (await Client.signIn(rapport.url, 'auditor')).log();
  expect((await rapport.interrupt()).code).toBe(0);
  return log;
}

describe('a start that cannot be', () => {
  const home = temporaryFolder();
  const directory = join(home, 'data');
  const startOn = (data: string, ...options: readonly string[]) =>
    RapportProcess.launch('--empty', '--data', data, '--port', '0', ...options);
  let before: readonly StoredEvent[];

  beforeAll(async () => {
    const rapport = await RapportProcess.ready(directory);
    const manager = await Client.signIn(rapport.url, 'manager');
    const { status, body } = await manager.post('/api/customers', {
      name: '远见科技有限公司',
      kind: 'company',
    });
    expect(status).toBe(201);
    // What follows from it is recorded, too: nothing is added to the log from here on.
    await until('the view', async () =>
      (await manager.get(`/api/tiers/summary?after=${String(body['position'])}`)).stale ? undefined : true,
    );
    before = await (await Client.signIn(rapport.url, 'auditor')).log();
    expect((await rapport.interrupt()).code).toBe(0);
  });
  afterEach(() => RapportProcess.endAll());
  afterAll(() => removeFolder(home));

  it('refuses a port that is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = taken.address() as AddressInfo;
      await refused(startOn(directory, '--port', String(port)), 69, /port.* taken.*--port/);
    } finally {
      await new Promise((resolve) => taken.close(resolve));
    }
  });

  it('refuses a data folder that another process uses, which goes on undisturbed', async () => {
    const first = await RapportProcess.ready(directory);
    await refused(startOn(directory), 75, /in use by another process/);
    expect(await (await Client.signIn(first.url, 'auditor')).log()).toEqual(before);
    expect((await first.interrupt()).code).toBe(0);
  });

  it('refuses to start without the key file of what is stored, and makes no new one', async () => {
    const keyFile = join(directory, 'keys.sqlite');
    renameSync(keyFile, join(home, 'keys'));
    await refused(startOn(directory), 78, /key file .*keys\.sqlite is missing.*Restore it/);
    expect(existsSync(keyFile)).toBe(false);
    renameSync(join(home, 'keys'), keyFile);
  });

  it('refuses a data folder that is a file, and leaves the file alone', async () => {
    const file = join(home, 'file');
    writeFileSync(file, 'mine');
    await Promise.all([
      refused(startOn(file), 73, /not a folder.*--data/),
      refused(startOn(join(file, 'below')), 73, /not a folder.*--data/),
    ]);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('refuses options that it does not know, and says which it knows', async () => {
    const [typo, port] = await Promise.all([
      RapportProcess.launch('--emtpy').exited(),
      RapportProcess.launch('--port', '65536').exited(),
    ]);
    expect([typo!.code, port!.code]).toEqual([64, 64]);
    expect(typo!.stderr).toMatch(/^rapport: .*--emtpy/);
    expect(typo!.stderr).toContain('--data DIR');
    expect(port!.stderr).toMatch(/^rapport: --port must be a number from 0 to 65535/);
  });

  it('damages nothing: the next start finds the log as it was', async () => {
    expect(await logIn(directory)).toEqual(before);
  });

  onDisk('refuses a data folder that cannot be written, and starts once it can be', async () => {
    const disk = smallDisk(8)!;
    try {
      const data = join(disk.folder, 'data');
      cpSync(directory, data, { recursive: true });
      const files = readdirSync(data).sort();
      disk.makeReadOnly();
      await Promise.all([
        refused(startOn(data), 77, /data.* cannot be written/),
        refused(startOn(`${data}2`), 77, /data2 cannot be created.*read-only.*--data/),
      ]);
      disk.makeWritable();
      expect(readdirSync(data).sort()).toEqual(files);
      expect(await logIn(data)).toEqual(before);
    } finally {
      await RapportProcess.endAll();
      disk.remove();
    }
  });

  onDisk('refuses a disk without room, and starts on it once there is', async () => {
    const disk = smallDisk(8)!;
    try {
      const [data, fresh] = [join(disk.folder, 'data'), join(disk.folder, 'fresh')];
      cpSync(directory, data, { recursive: true });
      mkdirSync(fresh);
      const ballast = join(disk.folder, 'ballast');
      expect(() => writeFileSync(ballast, Buffer.alloc(16 * 1024 * 1024))).toThrow(/ENOSPC/);
      await Promise.all([
        refused(startOn(data), 74, /space|room/),
        refused(startOn(fresh), 74, /space|room/),
      ]);
      rmSync(ballast);
      const [stored, begun] = await Promise.all([logIn(data), logIn(fresh)]);
      expect(stored).toEqual(before);
      expect(begun).toHaveLength(1);
    } finally {
      await RapportProcess.endAll();
      disk.remove();
    }
  });
});
