import { afterEach, describe, expect, it } from '@jest/globals';
import { Client, type StoredEvent } from './harness/client.ts';
import { ExpectedViews } from './harness/expectedViews.ts';
import { RapportProcess, removeFolder, temporaryFolder } from './harness/rapportProcess.ts';
import { work, type Sent } from './harness/serviceDesk.ts';
import { until } from './harness/until.ts';

const ROUNDS = 3;
const CLIENTS = 24;
/** Answers after which it is killed, a different place in the load each round. */
const ANSWERS = [120, 300, 200];

interface Ticket {
  readonly id: string;
  readonly state: string;
  readonly responses: number;
  readonly level: string;
  readonly tier: string;
}

describe('kill -9 in the middle of the load', () => {
  const directory = temporaryFolder();
  afterEach(async () => {
    await RapportProcess.endAll();
    removeFolder(directory);
  });

  it('keeps every command that was answered, once, and the views equal a fold of the log', async () => {
    const sent: Sent[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const rapport = await RapportProcess.ready(directory);
      const before = answered(sent).length;
      const working = work(await Client.signIn(rapport.url, 'manager'), `round${round}`, CLIENTS, sent);
      await until('answers', () => (answered(sent).length - before >= ANSWERS[round]! ? true : undefined));
      await rapport.kill();
      expect(await working).toEqual([]);
    }

    const rapport = await RapportProcess.ready(directory);
    const [manager, auditor] = await Promise.all(
      ['manager', 'auditor'].map((role) => Client.signIn(rapport.url, role)),
    );
    const log = await auditor!.log();
    expectWhole(log);
    for (const { answer } of answered(sent))
      expect(log.filter((event) => about(event, answer!.body))).toHaveLength(1);

    // The same key again: the same answer. Where none had come, whatever is the answer now is so only once.
    const repeated = await Promise.all(sent.map(({ path, body, key }) => manager!.post(path, body, key)));
    repeated.forEach((again, n) => {
      expect(again.status).toBe(201);
      const { answer } = sent[n]!;
      if (answer !== undefined)
        expect(again.body).toEqual({ ...answer.body, repeated: again.body['repeated'] });
    });
    const after = await auditor!.log();
    expectWhole(after);
    for (const { body } of repeated) expect(after.filter((event) => about(event, body))).toHaveLength(1);

    const last = await manager!.post('/api/customers', { name: '最后一家', kind: 'company' });
    await expectViews(manager!, auditor!, String(last.body['position']));
    const { code, stderr } = await rapport.interrupt();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  }, 120_000);
});

function answered(sent: readonly Sent[]): readonly Sent[] {
  return sent.filter(({ answer }) => answer !== undefined);
}

/** What the answered command created: its one event with that id in its data, under the command's own id. */
function about({ type, data }: StoredEvent, { id }: Record<string, unknown>): boolean {
  const what = type.split('.').at(-1)!;
  const field = CREATED[what];
  return field !== undefined && data[field] === id;
}

const CREATED: Readonly<Record<string, string>> = {
  CustomerRegistered: 'customerId',
  PurchaseRecorded: 'purchaseId',
  TicketOpened: 'ticketId',
  TicketResponded: 'responseId',
  SurveyAnswered: 'answerId',
};

/** Indexes without a gap, revisions without a gap, no event id twice. */
function expectWhole(log: readonly StoredEvent[]): void {
  expect(log.map(({ index }) => index)).toEqual(log.map((_, n) => n));
  expect(new Set(log.map(({ id }) => id)).size).toBe(log.length);
  const revisions = new Map<string, number>();
  for (const { stream, revision } of log) {
    expect(revision).toBe((revisions.get(stream) ?? -1) + 1);
    revisions.set(stream, revision);
  }
}

async function expectViews(manager: Client, auditor: Client, after: string): Promise<void> {
  await until('views at the head', async () =>
    (await manager.get(`/api/customers?limit=1&after=${after}`)).stale ? undefined : true,
  );
  for (const view of ['tiers/summary', 'satisfaction/summary', 'tickets']) {
    await until(view, async () =>
      (await manager.get(`/api/${view}?after=${after}`)).stale ? undefined : true,
    );
  }
  const expected = new ExpectedViews(await auditor.log());
  const tickets = await manager.all<Ticket>('/api/tickets');
  expect(
    byId(tickets.map(({ id, state, responses, level, tier }) => [id, { state, responses, level, tier }])),
  ).toEqual(expected.tickets);
  const customers = await manager.all('/api/customers');
  expect(
    byId(
      customers.map(({ id, name, contacts, tier }) => [
        String(id),
        { name, contacts: (contacts as unknown[]).length, tier },
      ]),
    ),
  ).toEqual(
    Object.fromEntries(
      Object.entries(expected.customers).map(([id, { name, contacts, tier }]) => [
        id,
        { name, contacts, tier },
      ]),
    ),
  );
  // whoever bought has the tier that the purchase gives; the reaction has lost nothing either.
  for (const { name, purchases, tier } of Object.values(expected.customers)) {
    expect({ name, tier }).toEqual({ name, tier: purchases === 0 ? 'prospect' : tierOf(String(name)) });
  }
  const tiers = (await manager.get('/api/tiers/summary')).body;
  expect(tiers).toMatchObject(expected.tiers);
  expect(expected.tiers['A']).toBeGreaterThan(0);
  const { dimensions } = (
    await manager.get<{ dimensions: Record<string, { n: number }> }>('/api/satisfaction/summary')
  ).body;
  expect(Object.fromEntries(Object.entries(dimensions).filter(([, { n }]) => n > 0))).toEqual(expected.means);
}

function byId<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  expect(new Set(entries.map(([id]) => id)).size).toBe(entries.length);
  return Object.fromEntries(entries);
}

/** By what `serve` lets a customer buy: its name ends in its number. */
function tierOf(name: string): string {
  return ['A', 'B', 'C'][Number(name.split('-').at(-1)) % 3]!;
}
