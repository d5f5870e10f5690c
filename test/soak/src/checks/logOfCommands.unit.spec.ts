import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { commandIdOfRequest } from '@rapport/contracts';
import { demoActor } from '@rapport/service-gateway';
import type { StoredEvent } from '@rapport/test-checks';
import { ImportTally } from '../load/importTally.ts';
import { Journal, type JournalEntry } from '../load/journal.ts';
import { LogOfCommands } from './logOfCommands.ts';

const folder = mkdtempSync(join(tmpdir(), 'rapport-soak-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const entry = (n: number, other: Partial<JournalEntry> = {}): JournalEntry => ({
  kind: 'openTicket',
  role: 'service-agent',
  method: 'POST',
  path: '/api/tickets',
  key: `key-${n}`,
  status: 201,
  id: `ticket-${n}`,
  effect: { event: 'TicketOpened', idField: 'ticketId' },
  tries: 1,
  ...other,
});

const opened = ({ role, method, path, key }: JournalEntry, ticketId: string, origin = 'live'): StoredEvent =>
  ({
    type: 'crm.tickets.TicketOpened',
    commandId: commandIdOfRequest('main', demoActor(role).id, method, path, key),
    actor: demoActor(role).id,
    origin,
    data: { ticketId },
  }) as unknown as StoredEvent;

let journals = 0;

/** Faults of each check, by a word of its name. */
async function faults(
  entries: readonly JournalEntry[],
  log: readonly StoredEvent[],
): Promise<Record<string, readonly string[]>> {
  const journal = new Journal(join(folder, `${(journals += 1)}.ndjson`));
  for (const one of entries) journal.add(one);
  await journal.end();
  const commands = new LogOfCommands();
  for (const event of log) commands.take(event);
  const found = await commands.checks(journal, new ImportTally());
  const word = (name: string): string => /as it was answered|refused|asked for|imported/.exec(name)![0];
  return Object.fromEntries(
    found.flatMap(({ name, faults: wrong }) => (wrong.length === 0 ? [] : [[word(name), wrong]])),
  );
}

describe('what was answered and what the log holds', () => {
  const [one, two] = [entry(1), entry(2)];

  it('agree', async () => {
    expect(await faults([one, two], [opened(one, 'ticket-1'), opened(two, 'ticket-2')])).toEqual({});
  });

  it('differ where an answered command is lost', async () => {
    expect(await faults([one, two], [opened(one, 'ticket-1')])).toEqual({
      'as it was answered': ['openTicket key-2 was answered, and is not in the log'],
    });
  });

  it('differ where a command took effect twice', async () => {
    const log = [opened(one, 'ticket-1'), opened(one, 'ticket-9')];
    expect(await faults([one], log)).toEqual({
      'as it was answered': expect.arrayContaining(['openTicket key-1 left TicketOpened 2 times']),
    });
  });

  it('differ where the same thing was created by two commands', async () => {
    const log = [opened(one, 'ticket-1'), opened(two, 'ticket-1')];
    expect(await faults([one, entry(2, { id: 'ticket-1' })], log)).toEqual({
      'as it was answered': ['TicketOpened of ticket-1 stands twice in the log'],
    });
  });

  it('differ where the answer named something else', async () => {
    expect(await faults([one], [opened(one, 'ticket-7')])).toEqual({
      'as it was answered': ['openTicket key-1 answered ticket-1, the log says ticket-7'],
    });
  });

  it('differ where a refused command is in the log', async () => {
    const refused = entry(3, { status: 409 });
    expect(await faults([refused], [opened(refused, 'ticket-3')])).toEqual({
      refused: ['openTicket key-3 was answered 409, and stands in the log'],
    });
  });

  it('differ where somebody did what nobody asked for', async () => {
    expect(await faults([], [opened(one, 'ticket-1')])).toEqual({
      'asked for': [expect.stringMatching(/^command .* with TicketOpened$/)],
    });
  });
});
