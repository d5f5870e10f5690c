import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EVENTS, type CurrentEvent } from '@rapport/contracts';
import { readEvent, type EventInLog } from '@rapport/privacy';
import { allReadable } from '../ledger/unreadableStream.ts';

/** Where they are kept: one file for each event, in a folder of its type and version, under the event's id. */
export const GOLDEN_FOLDER = fileURLToPath(new URL('../../../contracts/golden/', import.meta.url));

/** What a file holds: an event as a store has it, its bytes as the text that they are. */
export interface GoldenFile {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly data: string;
}

/** Every version of every event that was ever shipped, as it was stored, in order of the definitions and of versions. */
export function goldenFiles(): readonly (GoldenFile & { readonly path: string })[] {
  const order = [...EVENTS.keys()];
  return readdirSync(GOLDEN_FOLDER)
    .flatMap((folder) => readdirSync(join(GOLDEN_FOLDER, folder)).map((name) => join(folder, name)))
    .map((path) => ({ path, ...(JSON.parse(readFileSync(join(GOLDEN_FOLDER, path), 'utf8')) as GoldenFile) }))
    .sort((one, other) => {
      const byType = order.indexOf(one.type) - order.indexOf(other.type);
      return byType === 0 ? (one.path < other.path ? -1 : 1) : byType;
    });
}

/** The same as a log shows them, one after the other. */
export function goldenLog(): readonly EventInLog[] {
  return goldenFiles().map(({ id, stream, revision, type, data }, n) => ({
    id,
    stream,
    revision,
    type,
    data: Buffer.from(data, 'utf8'),
    position: n,
    index: n,
  }));
}

/** Golden events of one category of streams, as this release reads them. */
export function goldenEvents(category?: string): readonly CurrentEvent[] {
  return allReadable(goldenLog().map(readEvent)).filter(
    ({ stream }) => category === undefined || stream.startsWith(`${category}-`),
  );
}
