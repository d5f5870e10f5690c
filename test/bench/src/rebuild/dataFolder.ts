import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { decodeEvent, streamName } from '@rapport/contracts';
import type { EventStore } from '@rapport/event-store';
import { NotAvailable } from '../notAvailable.ts';

/** Where in a data folder of the product a file is: the product decides on subfolders, the bench looks. */
export function findFile(dir: string, name: string): string {
  const found = readdirSync(dir, { recursive: true, encoding: 'utf8' }).find(
    (path) => basename(path) === name,
  );
  if (found === undefined) throw new NotAvailable(`there is no ${name} in the data folder ${dir}`);
  return join(dir, found);
}

/** The folder in which a file is. */
export function folderOf(dir: string, name: string): string {
  return dirname(findFile(dir, name));
}

/** Identity of the log, from its first event. */
export async function logIdOf(store: EventStore): Promise<string> {
  const { events } = await store.readStream(streamName('log', 'main'), { limit: 1 });
  if (events[0] === undefined)
    throw new NotAvailable('the store holds no log: the product has not opened one');
  return (decodeEvent(events[0]).data as { logId: string }).logId;
}
