import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { canonicalBytes, eventId, type JsonValue } from '@rapport/contracts';
import { EmbeddedEventStore } from '@rapport/event-store';
import { serviceProcess } from '@rapport/local';
import { systemClock, systemRandom } from '@rapport/platform';
import { until } from '@rapport/platform/testing';
import { describeServices } from './harness/engines.ts';
import { nextRelease } from './harness/releases.ts';
import { Stage } from './harness/stage.ts';

interface Projections {
  readonly projections: readonly {
    readonly projection: string;
    readonly state: string;
    readonly parked: readonly { readonly key: string; readonly index: number }[];
  }[];
}

interface Ticket {
  readonly id: string;
  readonly responses: number;
}

describeServices('an event that this release cannot read', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start();
  }, 180_000);

  afterAll(() => stage?.stop());

  /** Writes one more response of version 2 into a ticket's stream, past the ledger. @returns the ticket's id */
  async function poison(): Promise<string> {
    const store = await EmbeddedEventStore.open({ directory: join(stage.folder, 'log') });
    try {
      const { events } = await store.readAll({ direction: 'backwards', limit: 200 });
      const response = events.find(({ type }) => type.endsWith('.TicketResponded'))!;
      const { stream, type } = response;
      const envelope = JSON.parse(Buffer.from(response.data).toString()) as Record<string, JsonValue>;
      const commandId = systemRandom.uuidv7(systemClock.now());
      const content = { ...(envelope['data'] as object), responseId: systemRandom.uuidv7(systemClock.now()) };
      const data = canonicalBytes({ ...envelope, version: 2, commandId, data: content });
      const { headRevision } = await store.readStream(stream, { limit: 1 });
      const event = { id: eventId(commandId, stream, 0, data), type, data };
      const { status } = await store.append([{ stream, expectedRevision: headRevision, events: [event] }]);
      expect(status).toBe('appended');
      return (content as unknown as { ticketId: string }).ticketId;
    } finally {
      await store.close();
    }
  }

  const parked = async (): Promise<readonly { readonly view: string; readonly key: string }[]> => {
    const { status, body } = await stage.administrator.get<Projections>('/api/projections');
    if (status !== 200) return [];
    return body.projections.flatMap(({ projection, parked: keys }) =>
      keys.map(({ key }) => ({ view: projection.replace(/@\d+$/, ''), key })),
    );
  };

  it('parks its key, lets others go on, and is there by itself once a release runs that can read it', async () => {
    const before = stage.load('before');
    await before.goesOn(100);
    await before.end();
    const { deployment } = stage;
    await deployment.service('ledger').stop();
    const ticketId = await poison();
    await deployment.service('ledger').start();

    await until('the key is parked', async () =>
      (await parked()).some(({ view, key }) => view === 'tickets' && key === ticketId) ? true : undefined,
    );
    expect(await stage.alerts('projector', 'key parked')).toBeGreaterThan(0);
    const { body: page } = await stage.administrator.get<{
      readonly items: readonly { readonly key: string }[];
    }>('/api/projections/tickets/parked?limit=200');
    expect(page.items.map(({ key }) => key)).toEqual(
      expect.arrayContaining([ticketId, `stream:ticket-${ticketId}`]),
    );
    expect(deployment.service('projector').log()).toMatch(/"projection":"tickets[^}]*"msg":"key parked"/);
    const load = stage.load('after');
    await load.goesOn(60);
    const { body: opened } = await stage.manager.post('/api/customers', { name: '旁人', kind: 'company' });
    await until('others go on', async () => {
      const { status, stale } = await stage.manager.get(`/api/tickets?after=${String(opened['position'])}`);
      return status === 200 && !stale ? true : undefined;
    });
    const asked = await stage.manager.get(`/api/tickets/${ticketId}?after=${String(opened['position'])}`);
    expect(asked.status).toBe(409);
    // By a release that cannot read it either, it stays parked.
    const again = await stage.administrator.post('/api/projections/tickets/unparking', { key: ticketId });
    expect(again.body).toMatchObject({ status: 'parked' });

    const next = nextRelease(join(stage.folder, 'next-release'));
    // In the order of docs/upgrade.md.
    for (const service of ['ledger', 'projector'] as const) {
      await deployment.service(service).stop();
      const port = deployment.ports.get(`${service}-1`)!;
      const upgraded = serviceProcess(service, 1, port, deployment.places, undefined, next);
      deployment.services.set(service, [upgraded]);
      await upgraded.start();
    }
    await until('everything is there', async () => ((await parked()).length === 0 ? true : undefined));
    await load.goesOn(20);
    expect(await parked()).toEqual([]);
    await load.end();
    const shown = (await stage.manager.all<Ticket>('/api/tickets')).find(({ id }) => id === ticketId);
    expect(shown!.responses).toBeGreaterThanOrEqual(2);
    await stage.expectAllIsWell();
  }, 180_000);
});
