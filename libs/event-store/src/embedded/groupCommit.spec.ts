import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { newEvent, newStream, write } from '../conformance/fixtures.ts';
import type { StreamWrite } from '../eventStore.ts';
import type { AppendGroup, GroupAnswer } from './appendGroup.ts';
import { GroupCommit } from './groupCommit.ts';
import type { WriterThread } from './writerThread.ts';

const UNAVAILABLE = { name: 'StoreError', failure: 'unavailable' };

/** A writer that stores each append at the next position. */
function writer(): WriterThread {
  let position = 0;
  const answer = async ({ appends }: AppendGroup): Promise<GroupAnswer> => ({
    kind: 'committed',
    firstPositions: Float64Array.from({ length: appends }, () => position++),
    firstIndexes: Float64Array.from({ length: appends }, () => position),
    conflicts: new Map(),
  });
  return { write: answer } as Partial<WriterThread> as WriterThread;
}

const request = (): readonly StreamWrite[] => [write(newStream(), -1, newEvent())];
/** Nothing that the event store accepts: its stream is no text. */
const unencodable = (): readonly StreamWrite[] => [{ ...request()[0]!, stream: null as unknown as string }];

describe('a group whose defect shows beside the writer', () => {
  const told = jest.spyOn(process, 'emitWarning');
  beforeEach(() => void told.mockImplementation(() => undefined));
  afterEach(() => {
    expect(told).toHaveBeenCalledTimes(1);
    told.mockReset();
  });

  it('refuses what a listener could not take, and takes what comes later', async () => {
    let defects = 1;
    let uncertain = 0;
    const commits = new GroupCommit(writer(), {
      committed: () => {
        if (defects-- > 0) throw new TypeError('a defect');
      },
      uncertain: () => (uncertain += 1),
      stored: () => [],
    });
    const first = commits.append(request());
    const together = commits.append(request());
    await expect(first).rejects.toMatchObject({
      ...UNAVAILABLE,
      message: expect.stringMatching('TypeError'),
    });
    await expect(together).rejects.toMatchObject(UNAVAILABLE);
    expect(uncertain).toBe(1);
    expect(await commits.append(request())).toMatchObject({ status: 'appended' });
    await commits.drained();
  });

  it('refuses what cannot be encoded, and takes what comes later', async () => {
    const commits = new GroupCommit(writer(), {
      committed: () => undefined,
      uncertain: () => undefined,
      stored: () => [],
    });
    await expect(commits.append(unencodable())).rejects.toMatchObject(UNAVAILABLE);
    expect(await commits.append(request())).toMatchObject({ status: 'appended' });
    await commits.drained();
  });
});
