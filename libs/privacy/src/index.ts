export * from './keys/awaitable.ts';
export * from './keys/cachedKeyStore.ts';
export * from './keys/embedded/embeddedKeyStore.ts';
export * from './keys/keyOwner.ts';
export * from './keys/keyStore.ts';
export * from './keys/keyStoreError.ts';
export * from './keys/keysUnavailable.ts';
export * from './keys/memory/memoryKeyStore.ts';
