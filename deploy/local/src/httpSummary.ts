import type { Summary } from '@rapport/service-standalone';
import type { DemoUser } from './demoUser.ts';

/** What a person wants to see first, asked over HTTP. */
export async function httpSummary(administrator: DemoUser): Promise<Summary> {
  const get = async <Body>(path: string): Promise<Body> => {
    const { status, body } = await administrator.get<Body>(path);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
    return body;
  };
  const { logId, head } = await get<{ logId: string; head: number }>('/api/events?from=0&limit=1');
  const tickets = await get<{ items: Summary['openTickets']; next?: string }>('/api/tickets?limit=200');
  return {
    logId,
    events: head + 1,
    tiers: await get<Summary['tiers']>('/api/tiers/summary'),
    satisfaction: await get<Summary['satisfaction']>('/api/satisfaction/summary'),
    openTickets: tickets.items,
    moreOpenTickets: tickets.next !== undefined,
  };
}
