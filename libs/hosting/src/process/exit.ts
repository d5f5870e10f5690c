import { StoreError } from '@rapport/event-store';
import { KeyStoreError } from '@rapport/privacy';
import { ViewStoreError } from '@rapport/views';
import { NatsRefusal } from '@rapport/messaging';
import { ConfigurationError, Problem } from '@rapport/platform';
import { EXIT } from './exitCodes.ts';
import { UnusableAddress } from './unusableAddress.ts';
import { UsageError } from './usageError.ts';

const FAILURE_CODES: Readonly<Record<string, number>> = {
  'in-use': EXIT.temporary,
  full: EXIT.io,
  'read-only': EXIT.permission,
  insecure: EXIT.permission,
  missing: EXIT.configuration,
  foreign: EXIT.configuration,
  damaged: EXIT.io,
  newer: EXIT.configuration,
  unavailable: EXIT.unavailable,
  unexpected: EXIT.unavailable,
};

type Told = (path: string, folder: string) => string;

const SYSTEM_CODES: Readonly<Record<string, readonly [code: number, message: Told]>> = {
  EADDRINUSE: [
    EXIT.unavailable,
    () => 'the port is taken: stop what listens there, or choose another with --port',
  ],
  EACCES: [
    EXIT.permission,
    (path, folder) =>
      `no permission for ${path}: let this user write there, or choose another with ${folder}`,
  ],
  EPERM: [
    EXIT.permission,
    (path, folder) =>
      `no permission for ${path}: let this user write there, or choose another with ${folder}`,
  ],
  EROFS: [
    EXIT.permission,
    (path, folder) => `${path} is read-only: make it writable, or choose another with ${folder}`,
  ],
  ENOSPC: [
    EXIT.io,
    (path, folder) => `no space left for ${path}: make room, or choose another with ${folder}`,
  ],
  EEXIST: [EXIT.cannotCreate, (path, folder) => `${path} is not a folder: choose another with ${folder}`],
  ENOTDIR: [EXIT.cannotCreate, (path, folder) => `${path} is not a folder: choose another with ${folder}`],
};

// Making a folder and the missing ones above it, Node calls a read-only disk ENOENT.
const CREATING_CODES: typeof SYSTEM_CODES = {
  ENOENT: [
    EXIT.permission,
    (path, folder) =>
      `${path} cannot be created: its disk is read-only or gone; choose another with ${folder}`,
  ],
};

const OPENING_CODES: typeof SYSTEM_CODES = {
  ENOENT: [EXIT.noInput, (path) => `there is no file ${path}: check the path`],
  EISDIR: [EXIT.noInput, () => 'that is a folder: name a file'],
};

/** What the terminal is told of a failure that ends the process, in one line, and the exit code. @param folder how another folder is chosen */
export function exitOf(error: unknown, folder = '--data'): { readonly code: number; readonly line: string } {
  if (error instanceof UsageError) return { code: EXIT.usage, line: error.message };
  if (error instanceof ConfigurationError || error instanceof NatsRefusal) {
    return { code: EXIT.configuration, line: error.message };
  }
  if (error instanceof UnusableAddress) return { code: error.exitCode, line: error.message };
  if (error instanceof StoreError || error instanceof KeyStoreError || error instanceof ViewStoreError) {
    return { code: FAILURE_CODES[error.failure] ?? EXIT.software, line: error.message };
  }
  // Another process did not answer: whoever runs this one starts it again.
  if (error instanceof Problem && error.kind === 'unavailable') {
    return { code: EXIT.unavailable, line: error.message };
  }
  const { code = '', path, syscall } = error as NodeJS.ErrnoException;
  const known = SYSTEM_CODES[code] ?? (syscall === 'mkdir' ? CREATING_CODES : OPENING_CODES)[code];
  if (known !== undefined) return { code: known[0], line: known[1](path ?? 'the data folder', folder) };
  return {
    code: EXIT.software,
    line: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}
