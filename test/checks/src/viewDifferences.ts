import type { Client } from './client.ts';
import type { ExpectedViews } from './expectedViews.ts';

type Item = Readonly<Record<string, unknown>>;

/** Differences that are told; of more only the first are. */
const TOLD = 20;

/** Where the views differ from what the log says, in words; none where they are equal. @throws Error when one is not answered */
export async function viewDifferences(manager: Client, expected: ExpectedViews): Promise<readonly string[]> {
  const found = [
    ...compared(
      'ticket',
      // The queue has those only that somebody still has to work on.
      [
        ...(await manager.all<Item>('/api/tickets')),
        ...(await manager.all<Item>('/api/tickets?state=closed')),
      ],
      expected.tickets,
    ),
    ...compared(
      'customer',
      (await manager.all<Item>('/api/customers')).map((customer) => ({
        ...customer,
        contacts: countOf(customer),
      })),
      Object.fromEntries(
        Object.entries(expected.customers).map(([id, { name, contacts, tier, segment }]) => [
          id,
          // A sealed name is opened for the manager; only one in clear can be compared.
          { ...(typeof name === 'string' && { name }), contacts, tier, segment },
        ]),
      ),
    ),
    ...compared('risk', await manager.all<Item>('/api/risks'), expected.risks),
    ...compared(
      'improvement',
      await manager.all<Item>('/api/improvements'),
      Object.fromEntries([...expected.improvements].map((id) => [id, {}])),
    ),
    ...figures('tiers', (await manager.get<Item>('/api/tiers/summary')).body, expected.tiers),
    ...figures('satisfaction', await meansShown(manager), expected.means),
  ];
  return found.length <= TOLD ? found : [...found.slice(0, TOLD), `and ${found.length - TOLD} more`];
}

/** A page shows as many contacts as fit. */
function countOf({ contacts, contactCount }: Item): unknown {
  return contactCount ?? (contacts as readonly unknown[]).length;
}

async function meansShown(manager: Client): Promise<Item> {
  const { body } = await manager.get<{ dimensions: Record<string, { n: number }> }>(
    '/api/satisfaction/summary',
  );
  return Object.fromEntries(Object.entries(body.dimensions).filter(([, { n }]) => n > 0));
}

function* compared(
  kind: string,
  items: readonly Item[],
  expected: Readonly<Record<string, object>>,
): Generator<string> {
  const seen = new Set<string>();
  for (const item of items) {
    const id = String(item['id']);
    if (seen.has(id)) yield `${kind} ${id} is shown twice`;
    seen.add(id);
    const right = expected[id];
    if (right === undefined) yield `${kind} ${id} is shown, and is not in the log`;
    else yield* figures(`${kind} ${id}`, item, right);
  }
  for (const id of Object.keys(expected))
    if (!seen.has(id)) yield `${kind} ${id} is in the log, and is not shown`;
}

function* figures(what: string, shown: Item, expected: object): Generator<string> {
  for (const [field, right] of Object.entries(expected)) {
    const [is, should] = [JSON.stringify(shown[field]), JSON.stringify(right)];
    if (is !== should) yield `${what} shows ${field} ${is}, the log says ${should}`;
  }
}
