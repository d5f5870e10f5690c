import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeEvent, ledgerEvents } from '@rapport/contracts';
import { testCaches } from '@rapport/platform/testing';
import { backUp } from '../backup/backUp.ts';
import { openDataFolder } from '../composition/dataFolder.ts';
import { startStandalone } from '../composition/standalone.ts';
import { StandaloneFolder } from '../testing/standaloneFolder.ts';
import { restoreFrom, restoreInPlace } from './restoreFolder.ts';

const NOBODY = { erased: [] };

describe('a backup that is restored into a new folder', () => {
  let folder: StandaloneFolder;
  let backup: string;
  let data: string;
  beforeEach(async () => {
    folder = new StandaloneFolder();
    backup = join(folder.home, 'backup');
    data = join(folder.home, 'new');
    await folder.start();
    await folder.import('customers', '客户名称\n远见科技有限公司\n');
    backUp(join(folder.home, 'data'), backup);
    await folder.stop();
  });
  afterEach(() => folder.remove());

  const at = (...names: readonly string[]): string => join(data, ...names);
  const restore = () => restoreFrom(backup, data, NOBODY);

  /** Starts on it. @returns how many times the log says that it was restored */
  async function timesRestored(): Promise<number> {
    const standalone = await startStandalone(data, () => undefined);
    try {
      await standalone.settle();
      const events = (await standalone.folder.events.readCounted(0, 1_000)).map(decodeEvent);
      expect(events.map(({ index }) => index)).toEqual(events.map((_, n) => n));
      return events.filter(({ type }) => type === ledgerEvents.LogRestored.type).length;
    } finally {
      await standalone.close();
    }
  }

  it('is log and keys of one moment, which only their owner may read', () => {
    expect(readdirSync(backup).toSorted()).toEqual(['events.sqlite', 'keys.sqlite']);
    for (const file of readdirSync(backup)) expect(statSync(join(backup, file)).mode & 0o777).toBe(0o600);
    expect(() => backUp(join(folder.home, 'data'), backup)).toThrow(/there already/);
    expect(() => backUp(join(folder.home, 'none'), join(folder.home, 'b'))).toThrow(/no events\.sqlite/);
  });

  it('starts with all that it had', async () => {
    expect(await restore()).toMatchObject({ erasedAgain: 0 });
    expect(readdirSync(data).toSorted()).toEqual(['events.sqlite', 'keys.sqlite']);
    expect(await timesRestored()).toBe(1);
  });

  it('is begun again where copying or restoring was cut off; until then nothing starts', async () => {
    mkdirSync(at('restoring'), { recursive: true });
    writeFileSync(at('restoring', 'events.sqlite'), 'half of it');
    await expect(openDataFolder(data, testCaches())).rejects.toMatchObject({
      failure: 'in-use',
      message: expect.stringMatching(/run npm run restore again/),
    });
    await expect(restoreInPlace(data, NOBODY)).rejects.toMatchObject({ name: 'UsageError' });
    expect(readdirSync(data)).toEqual(['restoring']);
    await restore();
    expect(await timesRestored()).toBe(1);
  });

  it('is finished where only the log was left to move; until then nothing starts', async () => {
    await restore();
    mkdirSync(at('restoring'));
    renameSync(at('events.sqlite'), at('restoring', 'events.sqlite'));
    await expect(openDataFolder(data, testCaches())).rejects.toMatchObject({ failure: 'in-use' });
    expect(await restore()).toBeUndefined();
    expect(existsSync(at('restoring'))).toBe(false);
    expect(await timesRestored()).toBe(1);
  });

  it('is finished where nothing was left but to clear up', async () => {
    await restore();
    mkdirSync(at('restoring'));
    writeFileSync(at('restoring', 'lock.sqlite'), '');
    await expect(openDataFolder(data, testCaches())).rejects.toMatchObject({ failure: 'in-use' });
    expect(await restore()).toBeUndefined();
    expect(await timesRestored()).toBe(1);
    await expect(restore()).rejects.toMatchObject({ message: expect.stringMatching(/has a log/) });
  });

  it('never takes the place of keys that are there', async () => {
    await restore();
    renameSync(at('events.sqlite'), join(folder.home, 'away.sqlite'));
    await expect(restore()).rejects.toMatchObject({ message: expect.stringMatching(/has keys/) });
    expect(existsSync(at('keys.sqlite'))).toBe(true);
  });

  it('leaves no trace of another database behind it', async () => {
    mkdirSync(data);
    writeFileSync(at('events.sqlite-wal'), 'of another log');
    writeFileSync(at('keys.sqlite-wal'), 'of other keys');
    await restore();
    expect(readdirSync(data).toSorted()).toEqual(['events.sqlite', 'keys.sqlite']);
    expect(await timesRestored()).toBe(1);
  });
});
