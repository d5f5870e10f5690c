import { systemRandom } from '@rapport/platform';
import { rejectsWrong } from '@rapport/platform/conformance';
import { MemoryKeyStore } from '../memory/memoryKeyStore.ts';
import { keyStoreConformance, type KeyStoreHarness } from './keyStoreConformance.ts';
import { WRONG_KEY_STORES } from './wrong/wrongKeyStores.ts';

const memory: KeyStoreHarness = {
  open: async () => new MemoryKeyStore(systemRandom),
  dispose: async () => {},
};

rejectsWrong(
  'a key store',
  (harness) => keyStoreConformance('a key store', harness),
  memory,
  WRONG_KEY_STORES,
);
