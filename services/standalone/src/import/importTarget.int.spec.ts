import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryLock } from '@rapport/event-store';
import { announceServer } from '../composition/serverFile.ts';
import { importTarget, type Defaults } from './importTarget.ts';

let home: string;
let locks: DirectoryLock[];
let server: Server;
let title: string;
let defaults: Defaults;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'rapport-target-'));
  locks = [];
  title = 'Rapport (客情)';
  server = createServer((_request, reply) => reply.end(JSON.stringify({ info: { title } })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  defaults = {
    folder: folder('data'),
    servicesFolder: folder('data-services'),
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
});
afterEach(async () => {
  for (const lock of locks) lock.release();
  await new Promise((resolve) => server.close(resolve));
  rmSync(home, { recursive: true, force: true });
});

function folder(name: string): string {
  mkdirSync(join(home, name));
  return join(home, name);
}

function runs(directory: string, url: string): void {
  locks.push(DirectoryLock.take(directory));
  announceServer(directory, url);
}

const nothingSaid = { url: undefined, data: undefined };

describe('where imported rows go', () => {
  it('goes to separate services that run on this machine, not into the folder of standalone', async () => {
    runs(defaults.servicesFolder, 'http://127.0.0.1:4000');
    expect(await importTarget(nothingSaid, defaults)).toEqual({ url: 'http://127.0.0.1:4000' });
  });

  it('goes to a Rapport that answers on the default address, as containers do', async () => {
    expect(await importTarget(nothingSaid, defaults)).toEqual({ url: defaults.url });
  });

  it('goes into the folder where nothing runs, or something else does', async () => {
    title = 'Another service';
    announceServer(defaults.servicesFolder, 'http://127.0.0.1:4000');
    expect(await importTarget(nothingSaid, defaults)).toEqual({ folder: defaults.folder });
    await new Promise((resolve) => server.close(resolve));
    expect(await importTarget(nothingSaid, defaults)).toEqual({ folder: defaults.folder });
  });

  it('asks which one is meant where two run', async () => {
    runs(defaults.folder, 'http://127.0.0.1:3000');
    runs(defaults.servicesFolder, 'http://127.0.0.1:4000');
    await expect(importTarget(nothingSaid, defaults)).rejects.toThrow(/3000 and .*4000: say with --url/);
  });

  it('goes where it was told to, whatever runs elsewhere', async () => {
    runs(defaults.servicesFolder, 'http://127.0.0.1:4000');
    const data = defaults.folder;
    expect(await importTarget({ url: undefined, data }, defaults)).toEqual({ folder: data });
    expect(await importTarget({ url: 'https://crm', data }, defaults)).toEqual({ url: 'https://crm' });
  });

  it('makes no log in the folder of separate services that do not run', async () => {
    writeFileSync(join(defaults.servicesFolder, 'ports.json'), '{}');
    const data = defaults.servicesFolder;
    await expect(importTarget({ url: undefined, data }, defaults)).rejects.toThrow(/start:services/);
    runs(data, 'http://127.0.0.1:4000');
    expect(await importTarget({ url: undefined, data }, defaults)).toEqual({ url: 'http://127.0.0.1:4000' });
  });
});
