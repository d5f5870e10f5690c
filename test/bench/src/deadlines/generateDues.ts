import { EmbeddedEventStore } from '@rapport/event-store';
import { startRapport } from '../arms/rapportArm.ts';
import { advanceReactions, recordedReactions } from '../rebuild/advanceReactions.ts';
import { folderOf } from '../rebuild/dataFolder.ts';
import { openSealing } from '../rebuild/fieldSealing.ts';
import { writeHistory } from '../rebuild/historyWriter.ts';
import { overdueHistory, type Dues } from './overdueHistory.ts';

/** Fills an empty data folder with recorded dues; its views are for the product to make. */
export async function generateDues(dir: string, dues: Dues): Promise<void> {
  const first = await startRapport({ name: 'rapport-open', data: dir });
  await first.stop();
  const store = await EmbeddedEventStore.open({ directory: folderOf(dir, 'events.sqlite') });
  const sealing = await openSealing(folderOf(dir, 'keys.sqlite'), true);
  try {
    const reactions = await recordedReactions(store);
    await writeHistory(store, sealing, overdueHistory(dues), (written) => {
      if (written % 250_000 === 0) console.log(`  ${written} events written`);
    });
    await advanceReactions(store, reactions);
  } finally {
    await sealing.close();
    await store.close();
  }
}
