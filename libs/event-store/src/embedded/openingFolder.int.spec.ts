import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import { appended, ids, newEvents, newStream, readOn, write } from '../conformance/fixtures.ts';
import { openWriterConnection } from './connection.ts';
import { EmbeddedEventStore } from './embeddedEventStore.ts';
import { APPLICATION_ID, pragma, SCHEMA_VERSION } from './schema.ts';
import { dataFolder, makeReadOnly, mountSmallDisk, removeFolder, unmount } from './testing/dataFolder.ts';
import { appendingProgram, StoreProcess } from './testing/storeProcess.ts';

const probe = dataFolder();
const MAY_MOUNT = mountSmallDisk(probe, 1);
if (MAY_MOUNT) unmount(probe);
else console.warn('SKIPPED: tests on a small disk, because this user may not mount a tmpfs');
removeFolder(probe);
const onSmallDisk = MAY_MOUNT ? it : it.skip;

describe('opening a data folder', () => {
  let directory: string;
  let file: string;

  beforeEach(() => {
    directory = dataFolder();
    file = join(directory, 'events.sqlite');
  });
  afterEach(() => removeFolder(directory));

  const refused = async (failure: string) =>
    expect(EmbeddedEventStore.open({ directory })).rejects.toMatchObject({ name: 'StoreError', failure });

  it('creates it, and finds everything again', async () => {
    directory = join(directory, 'not', 'yet', 'there');
    const store = await EmbeddedEventStore.open({ directory });
    const events = newEvents(5);
    await appended(store, write(newStream(), -1, ...events));
    const head = await store.head();
    await store.close();
    const again = await EmbeddedEventStore.open({ directory });
    expect(await again.head()).toEqual(head);
    expect(ids(await readOn(again, -1))).toEqual(ids(events));
    await again.close();
  });

  it('writes ahead and syncs fully, and refuses a database that will not', () => {
    const db = openWriterConnection(file, 1024 * 1024);
    expect([pragma(db, 'journal_mode'), pragma(db, 'synchronous')]).toEqual(['wal', 2]);
    db.close();
    expect(() => openWriterConnection(':memory:', 1024 * 1024)).toThrow(/journal_mode memory/);
  });

  it('leaves a file that any SQLite tool can read, also while the store is in use', async () => {
    const store = await EmbeddedEventStore.open({ directory });
    const [event] = newEvents(1);
    const [stored] = await appended(store, write(newStream(), -1, event!));
    const tool = new Database(file);
    expect(pragma(tool, 'application_id')).toBe(APPLICATION_ID);
    const select = tool
      .prepare('SELECT "index", stream, id, data, json_extract(data, \'$.n\') FROM readable_events')
      .raw();
    expect(select.all()).toEqual([[0, stored!.stream, event!.id, '{"n":0}', 0]]);
    expect(() => tool.exec('UPDATE events SET idx = 7')).toThrow(/never changed/);
    expect(() => tool.exec('DELETE FROM events')).toThrow(/never deleted/);
    tool.close();
    await store.close();
  });

  it('refuses what is no database, and leaves it alone', async () => {
    const bytes = Buffer.from('no database '.repeat(1_000));
    writeFileSync(file, bytes);
    await refused('damaged');
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it("refuses another program's database, and leaves it alone", async () => {
    const foreign = new Database(file);
    foreign.exec('CREATE TABLE bookmarks (url TEXT)');
    foreign.close();
    const bytes = readFileSync(file);
    await refused('damaged');
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it("refuses a newer version's database", async () => {
    await (await EmbeddedEventStore.open({ directory })).close();
    const newer = new Database(file);
    newer.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    newer.close();
    await expect(EmbeddedEventStore.open({ directory })).rejects.toThrow(/start the version that wrote it/);
  });

  it('refuses a folder that is a file', async () => {
    directory = join(directory, 'file');
    writeFileSync(directory, '');
    await refused('unavailable');
  });

  it('refuses a folder in use by this process, until it is closed', async () => {
    const store = await EmbeddedEventStore.open({ directory });
    await refused('in-use').finally(() => store.close());
    await (await EmbeddedEventStore.open({ directory })).close();
  });

  it('refuses a folder in use by another process, until that one is killed', async () => {
    const other = new StoreProcess(appendingProgram(directory, 1, 0), join(directory, 'answers'));
    try {
      await other.answered(2);
      await refused('in-use');
      const tool = new Database(file);
      expect((tool.prepare('SELECT count(*) FROM events').raw().get() as [number])[0]).toBeGreaterThan(0);
      tool.close();
    } finally {
      await other.kill();
    }
    await (await EmbeddedEventStore.open({ directory })).close();
  });

  const readOnly = async () => {
    await refused('read-only');
    expect(existsSync(join(directory, 'lock.sqlite'))).toBe(false);
  };

  (process.getuid?.() === 0 ? it.skip : it)('refuses a folder without write permission', async () => {
    chmodSync(directory, 0o500);
    await readOnly();
    chmodSync(directory, 0o700);
  });

  onSmallDisk('refuses a folder on a read-only file system', async () => {
    const disk = join(directory, 'disk');
    mkdirSync(disk);
    mountSmallDisk(disk, 1);
    makeReadOnly(disk);
    directory = disk;
    try {
      await readOnly();
    } finally {
      unmount(disk);
    }
  });
});

describe('a full disk', () => {
  let disk: string;
  const ballast = () => join(disk, 'ballast');

  beforeEach(() => {
    disk = dataFolder();
    if (MAY_MOUNT) mountSmallDisk(disk, 4);
  });
  afterEach(() => {
    if (MAY_MOUNT) unmount(disk);
    removeFolder(disk);
  });

  onSmallDisk('is reported at opening', async () => {
    expect(() => writeFileSync(ballast(), Buffer.alloc(8 * 1024 * 1024))).toThrow(/ENOSPC/);
    await expect(EmbeddedEventStore.open({ directory: disk })).rejects.toMatchObject({ failure: 'full' });
  });

  onSmallDisk('refuses appends, keeps what was answered, and accepts again once there is room', async () => {
    writeFileSync(ballast(), Buffer.alloc(1024 * 1024));
    const store = await EmbeddedEventStore.open({ directory: disk });
    const large = () => ({ ...newEvents(1)[0]!, data: Buffer.alloc(100_000, 'x') });
    const answered: string[] = [];
    let refusedRequest = [write(newStream(), -1, large())];
    let failure: unknown;
    while (failure === undefined) {
      await store.append(refusedRequest).then(
        () => {
          answered.push(...ids(refusedRequest[0]!.events));
          refusedRequest = [write(newStream(), -1, large())];
        },
        (error: unknown) => (failure = error),
      );
    }
    expect(failure).toMatchObject({ name: 'StoreError', failure: 'full' });
    expect(answered.length).toBeGreaterThan(3);
    expect(ids(await readOn(store, -1))).toEqual(answered);
    removeFolder(ballast());
    const [stored] = await appended(store, ...refusedRequest);
    expect(stored!.index).toBe(answered.length);
    await store.close();
    const again = await EmbeddedEventStore.open({ directory: disk });
    expect(ids(await readOn(again, -1))).toEqual([...answered, stored!.id]);
    await again.close();
  });
});
