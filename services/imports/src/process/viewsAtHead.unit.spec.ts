import { describe, expect, it } from '@jest/globals';
import type { Actor } from '@rapport/contracts';
import type { RequestClient } from '@rapport/messaging';
import { systemTimers } from '@rapport/platform';
import { viewsAtHead } from './viewsAtHead.ts';

const LOG = '0190a000-0000-7000-8000-000000000001';
const STEWARD: Actor = { id: 'a', roles: ['data-steward'] };

/** A projector that is behind for the first `stale` questions, each of which takes two seconds. */
function behindFor(stale: number, position = 41) {
  let now = 0;
  const asked: object[] = [];
  const requests: RequestClient = {
    async request<Reply>(subject: string, message: object): Promise<Reply> {
      asked.push({ subject, ...message });
      now += 2_000;
      return { body: { items: [] }, stale: asked.length <= stale } as Reply;
    },
  };
  const ports = {
    ledger: { head: async () => ({ logId: LOG, position, index: position }) },
    requests,
    monotonic: { now: () => now },
    timers: { ...systemTimers, sleep: async () => void (now += 100) },
  };
  return { asked, ports };
}

describe('waiting for the views before rows are taken over', () => {
  it('asks for the head of the log until the answer is not stale', async () => {
    const { asked, ports } = behindFor(3);
    expect(await viewsAtHead(ports, STEWARD)).toBe(true);
    expect(asked).toHaveLength(4);
    expect(asked[3]).toEqual({
      subject: 'queries.v1.customers.list',
      parameters: { limit: 1 },
      actor: STEWARD,
      after: `${LOG}.41`,
    });
  });

  it('gives up after half a minute', async () => {
    const { asked, ports } = behindFor(1_000);
    expect(await viewsAtHead(ports, STEWARD)).toBe(false);
    expect(asked.length).toBeLessThan(20);
  });

  it('has nothing to wait for in an empty log', async () => {
    const { asked, ports } = behindFor(1_000, -1);
    expect(await viewsAtHead(ports, STEWARD)).toBe(true);
    expect(asked).toEqual([]);
  });
});
