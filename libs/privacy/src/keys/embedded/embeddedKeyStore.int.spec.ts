import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '@rapport/platform';
import Database from 'libsql';
import { keyStoreConformance } from '../conformance/keyStoreConformance.ts';
import type { KeyOwner } from '../keyOwner.ts';
import type { KeyAnswer } from '../keyStore.ts';
import { EmbeddedKeyStore } from './embeddedKeyStore.ts';
import { KEY_FILE, KEY_FILES } from './keyFile.ts';

let directory: string;
const open = (mustExist = false) => EmbeddedKeyStore.open({ directory, mustExist, random: systemRandom });
const makeDirectory = () => {
  directory = mkdtempSync(join(tmpdir(), 'rapport-keys-'));
};
const removeDirectory = () => rmSync(directory, { recursive: true, force: true });

keyStoreConformance('EmbeddedKeyStore', {
  open: () => {
    makeDirectory();
    return open();
  },
  dispose: async () => removeDirectory(),
});

const customer = (n: number): KeyOwner => ({ kind: 'customer', id: `c-${n}` });

function exported(answer: KeyAnswer | { status: string }): Buffer {
  if (!('key' in answer)) throw new Error(`expected a key, got ${answer.status}`);
  return answer.key.export();
}

/** Names of the store's files in which the bytes stand. */
const filesWith = (bytes: Buffer): string[] =>
  KEY_FILES.filter((name) => {
    const path = join(directory, name);
    return existsSync(path) && readFileSync(path).includes(bytes);
  });

describe('EmbeddedKeyStore on disk', () => {
  beforeEach(makeDirectory);
  afterEach(removeDirectory);

  it('finds keys, tombstones and secrets again', async () => {
    const first = await open();
    const [kept, , secret] = await Promise.all([
      first.create(customer(1), 'main'),
      first.destroy(customer(2), 'main'),
      first.secret('cursor', 'main'),
    ]);
    await first.close();
    const second = await open(true);
    expect(exported(second.keyFor(customer(1), 'main'))).toEqual(exported(kept));
    expect((await second.create(customer(2), 'main')).status).toBe('destroyed');
    expect(Buffer.from(await second.secret('cursor', 'main'))).toEqual(Buffer.from(secret));
    await second.close();
  });

  it('stays bound to its log; a file from before there was a binding adopts the log', async () => {
    await (await open()).close();
    const old = new Database(join(directory, KEY_FILE));
    old.exec('DROP TABLE binding');
    old.close();
    const first = await open(true);
    expect(await first.boundLog()).toBeUndefined();
    await first.bindTo('log-1');
    await first.close();
    rmSync(join(directory, `${KEY_FILE}-wal`), { force: true });
    const second = await open(true);
    await expect(second.bindTo('log-2')).rejects.toMatchObject({
      failure: 'foreign',
      message: expect.stringContaining(join(directory, KEY_FILE)),
    });
    await second.bindTo('log-1');
    await second.close();
  });

  it('shows a key to another connection, committed, by the time that creating it resolves', async () => {
    const [store, witness] = [await open(), await open()];
    const made = await store.create(customer(1), 'main');
    expect(exported(witness.keyFor(customer(1), 'main'))).toEqual(exported(made));
    await store.close();
    await witness.close();
  });

  it('gives one owner one key also when two processes ask', async () => {
    const [one, two] = [await open(), await open()];
    const made = await Promise.all([one.create(customer(1), 'main'), two.create(customer(1), 'main')]);
    expect(exported(made[0])).toEqual(exported(made[1]));
    await one.close();
    await two.close();
  });

  it('leaves no byte of a destroyed key in any file, whatever surrounds it', async () => {
    const store = await open();
    const n = 3_000;
    const made = await Promise.all(Array.from({ length: n }, (_, i) => store.create(customer(i), 'main')));
    const victims = [0, 1, 17, 500, 1_499, 2_998, 2_999];
    const bytes = victims.map((i) => exported(made[i]!));
    for (const key of bytes) expect(filesWith(key)).not.toEqual([]);
    await Promise.all(victims.map((i) => store.destroy(customer(i), 'main')));
    for (const key of bytes) expect(filesWith(key)).toEqual([]);
    expect(statSync(join(directory, `${KEY_FILE}-wal`)).size).toBe(0);
    expect(exported(store.keyFor(customer(2), 'main'))).toEqual(exported(made[2]!));
    await store.close();
    for (const key of bytes) expect(filesWith(key)).toEqual([]);
  });

  it('cuts the log at open, where a crash came between destroying and cutting', async () => {
    const store = await open();
    const made = exported(await store.create(customer(1), 'main'));
    expect(filesWith(made)).toContain(`${KEY_FILE}-wal`);
    const again = await open(true);
    expect(filesWith(made)).toEqual([KEY_FILE]);
    await store.close();
    await again.close();
  });

  it('refuses to start without its file where the log has events, and makes none', async () => {
    await expect(open(true)).rejects.toMatchObject({
      name: 'KeyStoreError',
      failure: 'missing',
      message: expect.stringMatching(/^key file .*keys\.sqlite is missing.*[Rr]estore it/),
    });
    expect(existsSync(join(directory, KEY_FILE))).toBe(false);
    writeFileSync(join(directory, KEY_FILE), '', { mode: 0o600 });
    await expect(open(true)).rejects.toMatchObject({ failure: 'missing' });
  });

  it('makes its tables where making them was cut short before the first event', async () => {
    writeFileSync(join(directory, KEY_FILE), '', { mode: 0o600 });
    const store = await open();
    expect((await store.create(customer(1), 'main')).status).toBe('key');
    await store.close();
  });

  it('is readable by its owner only, its companions too, and refuses a file that others may read', async () => {
    const store = await open();
    await store.create(customer(1), 'main');
    for (const name of KEY_FILES) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
    await store.close();
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(join(directory, KEY_FILE), mode);
      await expect(open(true)).rejects.toMatchObject({ failure: 'insecure' });
    }
  });

  it('names a damaged file and a file that is no key file', async () => {
    writeFileSync(
      join(directory, KEY_FILE),
      'not a database, but long enough to be read as one'.repeat(100),
      {
        mode: 0o600,
      },
    );
    await expect(open()).rejects.toMatchObject({ failure: 'damaged' });
    rmSync(join(directory, KEY_FILE));
    const store = await open();
    await Promise.all(Array.from({ length: 300 }, (_, i) => store.create(customer(i), 'main')));
    await store.close();
    truncateSync(join(directory, KEY_FILE), 8_192);
    await expect(open(true)).rejects.toMatchObject({ failure: 'damaged' });
  });

  it('says when its folder is not there', async () => {
    directory = join(directory, 'nowhere');
    await expect(open()).rejects.toMatchObject({ name: 'KeyStoreError' });
  });
});
