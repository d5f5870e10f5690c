import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DirectoryLock, StoreError } from '@rapport/event-store';
import { UsageError } from '@rapport/hosting';
import { announcedServer } from '../composition/serverFile.ts';

/** Where rows go: to a Rapport that runs, or into a data folder on which none runs. */
export type ImportTarget = { readonly url: string } | { readonly folder: string };

export interface Wish {
  readonly url: string | undefined;
  readonly data: string | undefined;
}

/** Where Rapport is when nothing else was said. */
export interface Defaults {
  /** Of `npm start`. */
  readonly folder: string;
  /** Of `npm run start:services`. */
  readonly servicesFolder: string;
  /** Where containers and everything else listens. */
  readonly url: string;
}

/** The places in which Rapport may run are looked at in turn, so that rows never go beside the one that does. */
export async function importTarget({ url, data }: Wish, defaults: Defaults): Promise<ImportTarget> {
  if (url !== undefined) return { url };
  if (data !== undefined) return targetOfFolder(data);
  const running = [defaults.folder, defaults.servicesFolder].map(runningOn).filter((at) => at !== undefined);
  if (running.length > 1) {
    throw new UsageError(`two Rapports run here, ${running.join(' and ')}: say with --url which is meant`);
  }
  if (running[0] !== undefined) return { url: running[0] };
  return (await isRapport(defaults.url)) ? { url: defaults.url } : { folder: defaults.folder };
}

/** @throws UsageError for a folder of separate services on which nothing runs */
function targetOfFolder(folder: string): ImportTarget {
  const url = runningOn(folder);
  if (url !== undefined) return { url };
  if (existsSync(join(folder, 'ports.json'))) {
    throw new UsageError(
      `${folder} belongs to separate services: start them with npm run start:services, then import`,
    );
  }
  return { folder };
}

/** The address of the Rapport that has this folder; undefined where none has, or none that listens yet. */
function runningOn(folder: string): string | undefined {
  const server = announcedServer(folder);
  return server !== undefined && isLocked(folder) ? server.url : undefined;
}

/** One that was killed leaves its address behind, but not its lock. */
function isLocked(folder: string): boolean {
  try {
    DirectoryLock.take(folder).release();
    return false;
  } catch (error) {
    if (error instanceof StoreError && error.failure === 'in-use') return true;
    throw error;
  }
}

const PATIENCE_MS = 2_000;

async function isRapport(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/openapi.json`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const { info } = (await response.json()) as { info?: { title?: string } };
    return info?.title?.startsWith('Rapport') === true;
  } catch {
    // Nothing listens there, or something else does.
    return false;
  }
}
