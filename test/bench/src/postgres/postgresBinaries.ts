import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { NotAvailable } from '../notAvailable.ts';

const DEBIAN = '/usr/lib/postgresql';

/** The folder with `postgres` and `initdb`. @throws NotAvailable where the distribution's package is missing */
export function postgresBinaries(): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  const found = folders.find((folder) =>
    ['postgres', 'initdb'].every((name) => existsSync(join(folder, name))),
  );
  if (found === undefined) {
    throw new NotAvailable(
      'PostgreSQL is missing: install the distribution’s package `postgresql` and run again',
    );
  }
  return found;
}

/** Whom PostgreSQL runs as, since it refuses to run as root; undefined where the bench itself is not root. */
export function unprivilegedUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const account = ['postgres', 'nobody'].flatMap((name) => accounts.filter(([user]) => user === name))[0];
  if (account === undefined)
    throw new NotAvailable('PostgreSQL needs a user `postgres` or `nobody` to run as');
  return { uid: Number(account[2]), gid: Number(account[3]) };
}
