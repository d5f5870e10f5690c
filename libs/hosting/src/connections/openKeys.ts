import { mkdirSync } from 'node:fs';
import { CachedKeyStore, EmbeddedKeyStore, type KeyStore } from '@rapport/privacy';
import { systemMonotonicClock, type StorePlace } from '@rapport/platform';
import { databaseOf } from './databaseOf.ts';

export interface KeysPlace {
  readonly keys: StorePlace;
  /** Wraps the keys on a server. */
  readonly masterKey?: Uint8Array | undefined;
}

/** The keys, kept at hand for 60 s at most. @throws KeyStoreError */
export async function openKeys(place: KeysPlace): Promise<CachedKeyStore> {
  return new CachedKeyStore(await open(place), systemMonotonicClock);
}

async function open({ keys, masterKey }: KeysPlace): Promise<KeyStore> {
  if (keys.kind === 'server') {
    throw new Error('soon' + databaseOf(keys.url, '') + masterKey);
  }
  mkdirSync(keys.folder, { recursive: true, mode: 0o700 });
  return EmbeddedKeyStore.open({ directory: keys.folder, mustExist: false });
}
