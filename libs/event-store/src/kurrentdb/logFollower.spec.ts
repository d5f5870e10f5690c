import { describe, expect, it } from '@jest/globals';
import type { AllStreamResolvedEvent } from '@kurrent/kurrentdb-client';
import { systemTimers } from '@rapport/platform';
import { uuid } from '../conformance/fixtures.ts';
import { CountedLog } from './countedLog.ts';
import type { KurrentConnection, ReadAllPart } from './kurrentConnection.ts';
import { LogFollower } from './logFollower.ts';

/** Events of these streams, one after the other, as the client gives them. */
function resolved(streams: readonly string[]): readonly AllStreamResolvedEvent[] {
  return streams.map((streamId, n) => {
    const at = BigInt(10 + n * 7);
    const metadata = streamId.startsWith('$$');
    const event = {
      streamId,
      id: uuid(),
      type: metadata ? '$metadata' : 'crm.T',
      isJson: metadata,
      data: metadata ? { $acl: { $r: 'auditors' } } : new Uint8Array(1),
      revision: BigInt(streams.slice(0, n).filter((other) => other === streamId).length),
      position: { commit: at, prepare: at },
    };
    return { event } as unknown as AllStreamResolvedEvent;
  });
}

/** Reads pages of a log that stands still; more than `most` of them are no progress. */
function connectionTo(log: readonly AllStreamResolvedEvent[], most: number): KurrentConnection {
  let pages = 0;
  const readAll = async ({ from, count }: ReadAllPart) => {
    pages += 1;
    if (pages > most) throw new Error(`page ${pages} was read from ${from}`);
    const first =
      from === 'start' ? 0 : log.findIndex(({ event }) => Number(event!.position.commit) >= Number(from));
    return first === -1 ? [] : log.slice(first, first + count);
  };
  return { readAll } as unknown as KurrentConnection;
}

describe('catching up with KurrentDB', () => {
  it('gets past rights that were set for many streams one after the other', async () => {
    const streams = Array.from({ length: 600 }, (_, n) => `ticket-${n}`);
    const stored = resolved([...streams, ...streams.map((stream) => `$$${stream}`), 'ticket-0']);
    const log = new CountedLog({ bytes: 0, limit: Infinity });
    const follower = new LogFollower(log, connectionTo(stored, 20), systemTimers, () => undefined);
    await follower.catchUp();
    expect([log.counted.count, log.position]).toEqual([601, Number(stored.at(-1)!.event!.position.commit)]);
  });
});
