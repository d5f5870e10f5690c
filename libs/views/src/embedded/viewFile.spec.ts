import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import { EmbeddedViewStore } from './embeddedViewStore.ts';
import { ViewTable } from './viewTable.ts';
import { changeSql } from './writeDocuments.ts';

describe('the file of the embedded views', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rapport-views-'));
    path = join(folder, 'views.sqlite');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const definition = { name: 'tier', version: 1, indexes: [{ fields: ['value'] }] };
  const filled = async (): Promise<void> => {
    const store = await EmbeddedViewStore.open(path);
    const view = await store.open(definition);
    await view.write([{ key: 'k', index: 1, body: { value: 'A', pad: 'x'.repeat(20_000) } }]);
    await store.control.claimEpoch('tier@1', 'me', 1);
    await store.close();
  };
  const opening = (): Promise<unknown> => EmbeddedViewStore.open(path).then((store) => store.close());

  it('belongs to one store at a time, and is free again after closing', async () => {
    const store = await EmbeddedViewStore.open(path);
    await expect(opening()).rejects.toMatchObject({ name: 'ViewStoreError', failure: 'in-use' });
    await store.close();
    await opening();
  });

  it('is refused when it is no database, and left as it is', async () => {
    await writeFile(path, 'these are not the views that you are looking for '.repeat(50));
    const before = await readFile(path);
    await expect(opening()).rejects.toMatchObject({ failure: 'damaged' });
    expect(await readFile(path)).toEqual(before);
  });

  it('tells what to do where a damaged page is met only when it is read', async () => {
    await filled();
    const bytes = await readFile(path);
    // The document's overflow pages: opening reads none of them.
    bytes.fill(0, bytes.length - 4 * 4_096);
    await writeFile(path, bytes);
    const store = await EmbeddedViewStore.open(path);
    try {
      const view = await store.open(definition);
      const damaged = {
        name: 'ViewStoreError',
        failure: 'damaged',
        message: expect.stringContaining('delete it'),
      };
      await expect(view.get('k')).rejects.toMatchObject(damaged);
      await expect(view.load(['k'])).rejects.toMatchObject(damaged);
    } finally {
      await store.close();
    }
  });

  it('is refused when it belongs to another program', async () => {
    const foreign = new Database(path);
    foreign.exec('CREATE TABLE accounts (id)');
    foreign.close();
    await expect(opening()).rejects.toMatchObject({
      failure: 'damaged',
      message: expect.stringContaining('another program'),
    });
  });

  it('is refused when a newer version made it', async () => {
    await filled();
    const file = new Database(path);
    file.exec('PRAGMA user_version = 99');
    file.close();
    await expect(opening()).rejects.toMatchObject({ failure: 'newer' });
  });

  it('is emptied when an older version made it, so that every view starts again from the log', async () => {
    await filled();
    const file = new Database(path);
    file.exec('PRAGMA user_version = 1');
    file.close();
    const store = await EmbeddedViewStore.open(path);
    expect(await store.versions('tier')).toEqual({ live: undefined, all: [] });
    expect(await store.control.loadCheckpoint('tier@1')).toBeUndefined();
    expect(await (await store.open(definition)).get('k')).toBeUndefined();
    await store.close();
    // Once only: what was filled in stays.
    await filled();
    const again = await EmbeddedViewStore.open(path);
    expect((await again.versions('tier')).all).toEqual([1]);
    await again.close();
  });

  it('is reported as damaged when a page is met that is', async () => {
    await filled();
    const bytes = await readFile(path);
    bytes.fill(0x5a, 4_096);
    await writeFile(path, bytes);
    const using = async (): Promise<unknown> => {
      const store = await EmbeddedViewStore.open(path);
      try {
        return await (await store.open(definition)).get('k');
      } finally {
        await store.close();
      }
    };
    await expect(using()).rejects.toMatchObject({
      failure: 'damaged',
      message: expect.stringContaining('rebuilt'),
    });
  });

  it('is made anew when it was deleted, also with leftovers of its write-ahead log', async () => {
    await filled();
    await rm(path);
    await writeFile(`${path}-wal`, 'left over');
    const store = await EmbeddedViewStore.open(path);
    expect(await store.versions('tier')).toEqual({ live: undefined, all: [] });
    expect(await store.control.currentEpoch('tier@1')).toBeUndefined();
    await store.close();
    expect(existsSync(path)).toBe(true);
  });

  it('cannot be made where there is no folder', async () => {
    path = join(folder, 'missing', 'views.sqlite');
    await expect(opening()).rejects.toMatchObject({ failure: 'read-only' });
  });

  it('knows that every owner of an earlier process is gone', async () => {
    await filled();
    const store = await EmbeddedViewStore.open(path);
    expect(await store.control.currentEpoch('tier@1')).toMatchObject({ epoch: 1, released: true });
    await store.close();
  });

  it('uses the declared indexes, also for pages and beginnings', async () => {
    await filled();
    const file = new Database(path);
    const plan = (where: string): string =>
      JSON.stringify(
        file.prepare(`EXPLAIN QUERY PLAN SELECT key FROM doc_tier_v1 WHERE gone = 0 ${where}`).raw().all(),
      );
    const field = '"f:value"';
    expect(plan(`AND ${field} = 'A' AND key > 'k' ORDER BY ${field}, key`)).toContain(
      'doc_tier_v1__value (f:value=? AND key>?)',
    );
    expect(plan(`AND ${field} < 'A' ORDER BY ${field} DESC, key DESC`)).not.toContain('TEMP B-TREE');
    file.close();
  });

  it('touches no index where a document changes in other fields than indexed ones', async () => {
    await filled();
    const file = new Database(path);
    const { name, columns } = new ViewTable(definition);
    const steps = file
      .prepare(`EXPLAIN ${changeSql(name, columns)}`)
      .raw()
      .all() as unknown[][];
    const operations = steps.map(([, operation]) => operation as string);
    file.close();
    expect(operations).toContain('Insert');
    expect(operations.filter((operation) => /^Idx(Insert|Delete)$/.test(operation))).toEqual([]);
  });
});
