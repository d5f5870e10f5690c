import { formatPositionToken } from '@rapport/contracts';
import { EmbeddedEventStore } from '@rapport/event-store';
import { startRapport } from '../arms/rapportArm.ts';
import { emptyWorkFolder } from '../places.ts';
import { advanceReactions, recordedReactions } from '../rebuild/advanceReactions.ts';
import { folderOf, logIdOf } from '../rebuild/dataFolder.ts';
import { openSealing } from '../rebuild/fieldSealing.ts';
import { writeHistory } from '../rebuild/historyWriter.ts';
import { longCustomer } from './longCustomer.ts';

export interface LongStore {
  /** A data folder of the product. */
  readonly dir: string;
  /** Position token of its last event. */
  readonly head: string;
}

/** A store in which one customer has so many purchases. */
export async function longStore(purchases: number, until: number): Promise<LongStore> {
  const dir = emptyWorkFolder('history');
  const opening = await startRapport({ name: 'rapport-open', data: dir });
  await opening.stop();
  const store = await EmbeddedEventStore.open({ directory: folderOf(dir, 'events.sqlite') });
  const sealing = await openSealing(folderOf(dir, 'keys.sqlite'), true);
  try {
    const reactions = await recordedReactions(store);
    await writeHistory(store, sealing, longCustomer(purchases, until), () => undefined);
    // Reviewed with the first purchase that the product records itself.
    await advanceReactions(store, reactions);
    const { position } = await store.head();
    return { dir, head: formatPositionToken({ logId: await logIdOf(store), position }) };
  } finally {
    await sealing.close();
    await store.close();
  }
}
