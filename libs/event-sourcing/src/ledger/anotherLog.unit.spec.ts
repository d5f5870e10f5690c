import { describe, expect, it } from '@jest/globals';
import { RemoteLedger } from './remoteLedger.ts';
import type { RecordMessage } from './ledgerMessages.ts';
import type { RecordRequest } from './ledger.ts';

describe('a process whose log is restored while it works', () => {
  it('tells the ledger which log it knows, and learns that it is another one', async () => {
    let logId = 'log-1';
    const sent: RecordMessage[] = [];
    const ledger = new RemoteLedger({
      request: async <Reply>(subject: string, message: object): Promise<Reply> => {
        if (subject === 'ledger.v1.record') sent.push(message as RecordMessage);
        return { logId, position: 7, index: 3 } as Reply;
      },
    });
    await ledger.record({ commandId: 'c' } as RecordRequest);
    expect(await ledger.head()).toEqual({ logId: 'log-1', position: 7, index: 3 });
    logId = 'log-2';
    await ledger.record({ commandId: 'c' } as RecordRequest);
    expect(sent.map((message) => message.logId)).toEqual([undefined, 'log-1']);
    await expect(ledger.head()).rejects.toMatchObject({ kind: 'unavailable' });
    ledger.close();
  });
});
