import type { KeyObject } from 'node:crypto';
import type { Awaitable } from './awaitable.ts';
import type { KeyOwner } from './keyOwner.ts';

/**
 * The keys' port. Adapters: memory/ (the model), embedded/ (`keys.sqlite`). All pass conformance/.
 *
 * A key answers `key`, `destroyed` or `unavailable`, and nothing else (contract.md): a key that the log names
 * and the store does not know is `unavailable` (the store is older than the log, or another one), never blank.
 */
export interface KeyStore {
  /** The owner's newest key. Creates nothing: `absent` where none was ever made. */
  keyFor(owner: KeyOwner, tenant: string): Awaitable<KeyAnswer | AbsentKey>;

  /**
   * The owner's key, made where there is none: insert-if-absent, and durable before it resolves, so that nothing
   * is ever sealed with a key that a crash takes away. `destroyed` where a tombstone refuses it.
   */
  create(owner: KeyOwner, tenant: string): Promise<KeyAnswer>;

  /** The key that sealed something. */
  byKid(kid: string): Awaitable<KeyAnswer>;

  /**
   * Destroys every key of the owner and leaves a tombstone, also where there was no key. Repeating it is
   * harmless. When it resolves, the keys' bytes are gone from the store.
   *
   * @throws KeyStoreError when that is not certain: repeat it
   */
  destroy(owner: KeyOwner, tenant: string): Promise<void>;

  /**
   * 32 secret bytes of the tenant, made once and durable before it resolves; the same ones ever after.
   *
   * @throws KeyStoreError
   */
  secret(name: SecretName, tenant: string): Promise<Uint8Array>;

  /**
   * Binds the keys to the log that is sealed with them, for good and durable before it resolves. A store that is
   * bound to none adopts the log.
   *
   * @throws KeyStoreError `foreign` where it is bound to another log: nothing may be sealed with its keys
   */
  bindTo(logId: string): Promise<void>;

  /**
   * Binds the keys to the log that a restore made of the one that they are bound to; durable before it resolves.
   * Bound to `logId` already, nothing changes.
   *
   * @param from the log that they are bound to now
   * @throws KeyStoreError `foreign` where they are bound to any other log, or to none
   */
  rebind(from: string, logId: string): Promise<void>;

  /**
   * The log that the keys are bound to; undefined where to none yet.
   *
   * @throws KeyStoreError
   */
  boundLog(): Promise<string | undefined>;

  /** Finishes what was accepted. Afterwards every key is `unavailable`. Safe to call twice. */
  close(): Promise<void>;
}

export type KeyAnswer = UsableKey | DestroyedKey | UnavailableKey;

export interface UsableKey {
  readonly status: 'key';
  readonly kid: string;
  /** AES-256. */
  readonly key: KeyObject;
}

/** Destroyed on request: what it sealed is erased for ever. */
export interface DestroyedKey {
  readonly status: 'destroyed';
}

/** The store can't say now. Whoever asked waits; nothing is blanked, nothing is parked. */
export interface UnavailableKey {
  readonly status: 'unavailable';
  /** For the log of the operator: names files and settings, never an owner. */
  readonly cause: Error;
}

export interface AbsentKey {
  readonly status: 'absent';
}

/** Secrets of a tenant: HMAC of requests, namespace of ids, cursors, blind indexes. */
export const SECRET_NAMES = ['request-hmac', 'id-namespace', 'cursor', 'blind-index'] as const;

export type SecretName = (typeof SECRET_NAMES)[number];

/** Length of keys and secrets. */
export const KEY_BYTES = 32;
