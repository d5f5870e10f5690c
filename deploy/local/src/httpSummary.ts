import type { Summary } from '@rapport/service-standalone';

/** What a person wants to see first, asked of a gateway over HTTP as an administrator of the demo. */
export async function httpSummary(url: string): Promise<Summary> {
  const signIn = await fetch(`${url}/demo/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role: 'administrator' }),
  });
  const { token } = (await answered(signIn)) as { token: string };
  const get = async <Body>(path: string): Promise<Body> =>
    (await answered(await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } }))) as Body;
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

async function answered(response: Response): Promise<unknown> {
  if (response.ok) return response.json();
  throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
}
