import { mkdirSync } from 'node:fs';
import { CachedKeyStore, EmbeddedKeyStore, MongoKeyStore, type KeyStore } from '@rapport/privacy';
import { systemMonotonicClock, type CacheBudget, type StorePlace } from '@rapport/platform';

export interface KeysPlace {
  readonly keys: StorePlace;
  /** Wraps the keys on a server. */
  readonly masterKey?: Uint8Array | undefined;
}

/**
 * The keys, kept at hand for 60 s at most.
 *
 * @param mustExist something is sealed with them already: an empty store is a fault and no new beginning
 * @throws KeyStoreError
 */
export async function openKeys(
  place: KeysPlace,
  mustExist: boolean,
  caches: CacheBudget,
): Promise<CachedKeyStore> {
  return new CachedKeyStore(await open(place, mustExist), systemMonotonicClock, caches);
}

function open({ keys, masterKey }: KeysPlace, mustExist: boolean): Promise<KeyStore> {
  if (keys.kind === 'server') {
    if (masterKey === undefined) throw new TypeError('keys on a server need a master key');
    return MongoKeyStore.open({ url: keys.url, masterKey, mustExist });
  }
  mkdirSync(keys.folder, { recursive: true, mode: 0o700 });
  return EmbeddedKeyStore.open({ directory: keys.folder, mustExist });
}
