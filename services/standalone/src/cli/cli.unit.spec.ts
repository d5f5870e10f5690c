import { describe, expect, it } from '@jest/globals';
import { StoreError } from '@rapport/event-store';
import { exitOf, UsageError } from '@rapport/hosting';
import { Unanswered } from '@rapport/messaging';
import { KeyStoreError } from '@rapport/privacy';
import { ViewStoreError } from '@rapport/views';
import { parseOptions } from './options.ts';

const options = (...args: readonly string[]) => parseOptions(args, '/home/me');

describe('the options of npm start', () => {
  it('are by default the demo, ./data and port 3000', () => {
    expect(options()).toEqual({ empty: false, data: '/home/me/data', port: 3000, cacheMb: 512 });
  });

  it('name folder, port and caches, and leave samples and demo out', () => {
    expect(options('--empty', '--data', 'mine', '--port', '0', '--cache-mb', '64')).toEqual({
      empty: true,
      data: '/home/me/mine',
      port: 0,
      cacheMb: 64,
    });
    expect(options('--data=/srv/rapport')).toMatchObject({ data: '/srv/rapport' });
    expect(options('--help')).toBe('help');
  });

  it.each([
    ['--emtpy'],
    ['there'],
    ['--port'],
    ['--port', '65536'],
    ['--port', '-1'],
    ['--port', '3e3'],
    ['--data', ''],
    ['--cache-mb', 'all'],
  ])('%s %s make no sense: refused with what can be given', (...args) => {
    expect(() => options(...args)).toThrow(UsageError);
    expect(() => options(...args)).toThrow(/npm start -- \[--empty\]/);
  });
});

describe('the end of the process', () => {
  const failure = (code: string, more: object = {}): Error =>
    Object.assign(new Error('boom'), { code, ...more });

  it.each([
    [new UsageError('wrong'), 64],
    [new StoreError('in-use', 'in use'), 75],
    [new StoreError('full', 'full'), 74],
    [new StoreError('read-only', 'read-only'), 77],
    [new StoreError('damaged', 'damaged'), 74],
    [new KeyStoreError('missing', 'missing'), 78],
    [new KeyStoreError('foreign', 'of another log'), 78],
    [new KeyStoreError('insecure', 'open to others'), 77],
    [new ViewStoreError('in-use', 'in use'), 75],
    // The ledger went away while a service that had joined it was still starting.
    [new Unanswered('ledger.v1.head did not answer within 3000 ms.'), 69],
  ])('tells what the stores say: %s', (error, code) => {
    expect(exitOf(error)).toEqual({ code, line: error.message });
  });

  it.each([
    [failure('EADDRINUSE'), 69, /port is taken.*--port/],
    [failure('EACCES', { path: '/data' }), 77, /no permission for \/data.*--data/],
    [failure('EROFS', { path: '/data' }), 77, /\/data is read-only/],
    [failure('ENOENT', { path: '/data', syscall: 'mkdir' }), 77, /\/data cannot be created/],
    [failure('ENOENT', { path: 'rows.csv', syscall: 'open' }), 66, /no file rows\.csv/],
    [failure('EISDIR', { syscall: 'read' }), 66, /is a folder/],
    [failure('ENOSPC', { path: '/data' }), 74, /no space left for \/data/],
    [failure('ENOTDIR', { path: '/data/x' }), 73, /\/data\/x is not a folder/],
  ])('tells what the system says, and what to do: %o', (error, code, line) => {
    const exit = exitOf(error);
    expect(exit.code).toBe(code);
    expect(exit.line).toMatch(line);
    expect(exit.line.split('\n')).toHaveLength(1);
  });

  it('shows where a defect is', () => {
    const exit = exitOf(new TypeError('undefined is no customer'));
    expect(exit).toMatchObject({ code: 70, line: expect.stringContaining('cli.unit.spec') });
  });
});
