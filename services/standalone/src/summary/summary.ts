import { type Actor, type QueryAnswer } from '@rapport/contracts';
import { querySubject, type RequestClient } from '@rapport/messaging';

/** What a person wants to see first. */
export interface Summary {
  readonly events: number;
  readonly logId: string;
  readonly tiers: {
    readonly A: number;
    readonly B: number;
    readonly C: number;
    readonly prospect: number;
    readonly rules: readonly { readonly tier: string; readonly rule: string; readonly customers: number }[];
  };
  readonly satisfaction: {
    readonly dimensions: Readonly<Record<string, { readonly mean: number | null; readonly n: number }>>;
    readonly weakest: string | null;
  };
  readonly openTickets: readonly Readonly<Record<string, unknown>>[];
  readonly moreOpenTickets: boolean;
}

/** Asks the views, as any reader would. */
export async function readSummary(
  requests: RequestClient,
  actor: Actor,
  log: { readonly logId: string; readonly events: number },
): Promise<Summary> {
  const ask = async (query: string, parameters: object = {}): Promise<QueryAnswer> =>
    requests.request<QueryAnswer>(querySubject(query), { parameters, actor });
  const tiers = (await ask('tiers.summary')).body as Summary['tiers'];
  const satisfaction = (await ask('satisfaction.summary')).body as Summary['satisfaction'];
  const tickets = await ask('tickets.list', { limit: 200 });
  const openTickets = (tickets.body as { items: Summary['openTickets'] }).items;
  return { ...log, tiers, satisfaction, openTickets, moreOpenTickets: tickets.next !== undefined };
}
