import { describe, expect, it } from '@jest/globals';
import type { RequestClient } from '@rapport/messaging';
import { eventually } from '@rapport/platform/testing';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LEDGER_SUBJECTS, type ReadAfterReply } from './ledgerMessages.ts';
import { RemoteLog } from './remoteLog.ts';
import { toMessage } from './storedEventMessage.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const eventAt = (position: number) => ({
  position,
  index: position,
  stream: 'ticket-1',
  revision: position,
  id: String(position),
  type: 'TicketOpened',
  data: Buffer.from('{}'),
});

/** A ledger that has one more event at each question; tells how many of its answers somebody still holds. */
function everGrowing() {
  const answers: WeakRef<ReadAfterReply>[] = [];
  const requests: RequestClient = {
    async request<Reply>(): Promise<Reply> {
      await turn();
      const reply = { events: [toMessage(eventAt(answers.length))], end: false };
      answers.push(new WeakRef(reply));
      return reply as Reply;
    },
  };
  return { requests, held: () => answers.filter((answer) => answer.deref() !== undefined).length };
}

describe('following the log of another process', () => {
  it('keeps nothing of what was answered long ago', async () => {
    const { requests, held } = everGrowing();
    const log = new RemoteLog(requests);
    const end = new AbortController();
    const followed = log
      .followCategories({ after: -1, signal: end.signal, categories: ['ticket'] })
      [Symbol.asyncIterator]();
    for (let n = 0; n < 50; n += 1) expect((await followed.next()).done).toBe(false);
    await turn();
    collectGarbage();
    expect(held()).toBeLessThan(5);
    end.abort();
    expect((await followed.next()).done).toBe(true);
  });

  it('ends at its signal, also while a page of what lies before is never answered', async () => {
    const asked: string[] = [];
    const log = new RemoteLog({
      async request<Reply>(subject: string): Promise<Reply> {
        asked.push(subject);
        if (subject === LEDGER_SUBJECTS.head) return { logId: 'log', position: 7, index: 7 } as Reply;
        return new Promise(() => undefined);
      },
    });
    const end = new AbortController();
    const next = log.follow({ after: -1, signal: end.signal })[Symbol.asyncIterator]().next();
    await eventually(() => expect(asked).toContain(LEDGER_SUBJECTS.readAfter));
    end.abort();
    const late = sleep(30_000, 'it goes on' as const, { ref: false });
    expect(await Promise.race([next, late])).toEqual({ done: true, value: undefined });
    log.close();
  });
});
