import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dataFolder, removeFolder } from './testing/dataFolder.ts';
import { appendingProgram } from './testing/storeProcess.ts';
import { type Call, systemCalls } from './testing/systemCalls.ts';

const HAS_STRACE = spawnSync('strace', ['-V']).status === 0;
if (!HAS_STRACE) console.warn('SKIPPED: counting syncs between write and answer, because strace is missing');

(HAS_STRACE ? describe : describe.skip)('every answer follows a sync of the log', () => {
  let directory: string;

  beforeEach(() => {
    directory = dataFolder();
  });
  afterEach(() => removeFolder(directory));

  /** Runs the program to its end and gives its system calls on the log and on standard output, in order. */
  function trace(writers: number, appends: number): Call[] {
    const output = join(directory, 'trace');
    const traced = [
      '-f',
      '-y',
      '-s',
      '65536',
      '-o',
      output,
      '-e',
      'trace=write,pwrite64,pwritev,fsync,fdatasync',
    ];
    const { status, stderr } = spawnSync('strace', [
      ...traced,
      ...appendingProgram(directory, writers, appends),
    ]);
    expect([status, stderr.toString()]).toEqual([0, '']);
    return systemCalls(readFileSync(output, 'latin1'));
  }

  /** Proves it for each answer and returns their number: write of the event, then a whole sync, then the answer. */
  function expectSynced(calls: readonly Call[]): number {
    const writes = calls.filter(
      ({ name, file }) => name.startsWith('pwrite') && file.endsWith('events.sqlite-wal'),
    );
    const syncs = syncsOf(calls);
    const answers = calls.filter(({ name, text }) => name === 'write' && text.includes('\\"position\\"'));
    for (const answer of answers) {
      for (const [, id] of answer.text.matchAll(/\\"id\\":\\"([0-9a-f-]{36})\\"/g)) {
        const written = writes.find(({ text }) => text.includes(id!));
        expect(written).toBeDefined();
        expect(syncs.some(({ from, to }) => from > written!.to && to < answer.from)).toBe(true);
      }
    }
    return answers.length;
  }

  const syncsOf = (calls: readonly Call[]) =>
    calls.filter(
      ({ name, file, result }) => name.endsWith('sync') && file.endsWith('events.sqlite-wal') && result === 0,
    );

  it('one by one: one sync for each', () => {
    const calls = trace(1, 12);
    expect(expectSynced(calls)).toBe(12);
    expect(syncsOf(calls).length).toBeGreaterThanOrEqual(12);
  });

  it('together: appends under way at the same time share syncs', () => {
    const calls = trace(32, 192);
    expect(expectSynced(calls)).toBe(192);
    expect(syncsOf(calls).length).toBeLessThan(192 / 4);
  });
});
