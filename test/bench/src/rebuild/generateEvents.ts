import { formatPositionToken } from '@rapport/contracts';
import { EmbeddedEventStore } from '@rapport/event-store';
import { startRapport } from '../arms/rapportArm.ts';
import { jsonRequest } from '../processes/jsonRequest.ts';
import { advanceReactions, recordedReactions } from './advanceReactions.ts';
import { folderOf, logIdOf } from './dataFolder.ts';
import { openSealing } from './fieldSealing.ts';
import type { HistoricalEvent } from './customerHistory.ts';
import { writeHistory } from './historyWriter.ts';
import { interleaved } from './interleaved.ts';
import type { GeneratedStore } from './store.ts';

const OPENED = 'crm.tickets.TicketOpened';

/**
 * Fills an empty data folder with `events` real events: the product opens log and keys, the libraries seal and append
 * the history of interleaved(), then the product runs until its views are at the head, so that there are live views
 * to compare with. The same `events` gives the same history but for log id, keys and nonces.
 */
export async function generateEvents(events: number, dir: string): Promise<GeneratedStore> {
  const first = await startRapport({ name: 'rapport-open', data: dir });
  await first.stop();
  let lastTicketId = '';
  const store = await EmbeddedEventStore.open({ directory: folderOf(dir, 'events.sqlite') });
  const sealing = await openSealing(folderOf(dir, 'keys.sqlite'), true);
  let generated: GeneratedStore;
  try {
    const logId = await logIdOf(store);
    const reactions = await recordedReactions(store);
    const history = noting(interleaved(events), (ticketId) => (lastTicketId = ticketId));
    await writeHistory(store, sealing, history, (written) => {
      if (written % 100_000 === 0) console.log(`${written} events written`);
    });
    await advanceReactions(store, reactions);
    const { position, index } = await store.head();
    generated = {
      events: index + 1,
      logId,
      headToken: formatPositionToken({ logId, position }),
      lastTicketId,
    };
  } finally {
    await sealing.close();
    await store.close();
  }
  await letViewsFollow(dir, generated);
  return generated;
}

async function letViewsFollow(dir: string, { headToken, lastTicketId }: GeneratedStore): Promise<void> {
  const arm = await startRapport({ name: 'rapport-views', data: dir });
  try {
    const { port, token, process: server } = arm;
    const path = `/api/tickets/${lastTicketId}?after=${encodeURIComponent(headToken)}`;
    await server.until(async () => {
      const { status, body } = await jsonRequest({ port, method: 'GET', path, token });
      return status === 200 && body['stale'] !== true;
    }, 1_800_000);
  } finally {
    await arm.stop();
  }
}

function* noting(
  history: Iterable<HistoricalEvent>,
  ticket: (id: string) => void,
): Generator<HistoricalEvent> {
  for (const told of history) {
    if (told.event.type === OPENED) ticket(told.stream.slice('ticket-'.length));
    yield told;
  }
}
