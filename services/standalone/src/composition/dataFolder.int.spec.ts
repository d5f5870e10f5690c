import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { StandaloneFolder } from '../testing/standaloneFolder.ts';

const ROWS = '客户名称\n远见科技有限公司\n';

describe('log and keys of a data folder belong together', () => {
  let mine: StandaloneFolder;
  let other: StandaloneFolder;
  beforeEach(async () => {
    [mine, other] = [new StandaloneFolder(), new StandaloneFolder()];
    for (const folder of [mine, other]) {
      await folder.start();
      await folder.import('customers', ROWS);
      await folder.stop();
    }
  });
  afterEach(() => Promise.all([mine.remove(), other.remove()]));

  const path = (folder: StandaloneFolder, file: string): string => join(folder.home, 'data', file);
  /** Puts a file and its companions into my folder, as a restored backup would. */
  const put = (from: string, file: string): void => {
    for (const companion of ['', '-wal', '-shm']) {
      rmSync(path(mine, file + companion), { force: true });
      if (existsSync(join(from, file + companion)))
        cpSync(join(from, file + companion), path(mine, file + companion));
    }
  };
  const others = (): string => join(other.home, 'data');
  const hashes = (...files: readonly string[]) =>
    files.map((file) => {
      const at = path(mine, file);
      return [file, existsSync(at) && createHash('sha256').update(readFileSync(at)).digest('hex')];
    });

  it('keys of another log are refused, and nothing is sealed with them', async () => {
    const kept = join(mine.home, 'kept');
    cpSync(join(mine.home, 'data'), kept, { recursive: true });
    put(others(), 'keys.sqlite');
    const before = hashes('events.sqlite', 'events.sqlite-wal');
    await expect(mine.start()).rejects.toMatchObject({
      failure: 'foreign',
      message: expect.stringMatching(/keys\.sqlite belongs to another log.*same backup together/),
    });
    expect(hashes('events.sqlite', 'events.sqlite-wal')).toEqual(before);
    put(kept, 'keys.sqlite');
    await mine.start();
    expect(await mine.import('customers', ROWS)).toMatchObject({ repeated: 1, bad: [] });
  });

  it('another log beside the keys is refused', async () => {
    put(others(), 'events.sqlite');
    await expect(mine.start()).rejects.toMatchObject({ failure: 'foreign' });
  });

  it.each([
    ['missing', (log: string) => rmSync(log)],
    ['emptied', (log: string) => truncateSync(log, 0)],
  ])('a log that is %s is no new beginning: nothing is made, nothing is wiped', async (_how, lose) => {
    for (const companion of ['-wal', '-shm'])
      rmSync(path(mine, `events.sqlite${companion}`), { force: true });
    lose(path(mine, 'events.sqlite'));
    const before = hashes('events.sqlite', 'events.sqlite-wal', 'views.sqlite');
    await expect(mine.start()).rejects.toMatchObject({
      failure: 'foreign',
      message: expect.stringMatching(/events\.sqlite is missing or empty.*restore the log.*--data/),
    });
    expect(hashes('events.sqlite', 'events.sqlite-wal', 'views.sqlite')).toEqual(before);
  });

  it('their own, put back together, go on', async () => {
    for (const file of ['keys.sqlite', 'events.sqlite', 'views.sqlite']) put(others(), file);
    await mine.start();
    expect(await mine.head()).toBeGreaterThan(0);
  });

  it('are readable by their owner alone, in a folder that others may enter too', async () => {
    await mine.start();
    const files = readdirSync(join(mine.home, 'data')).filter((file) =>
      /^(events|views|keys)\.sqlite(-|$)/.test(file),
    );
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) expect([file, statSync(path(mine, file)).mode & 0o777]).toEqual([file, 0o600]);
  });
});
