import { createSecretKey } from 'node:crypto';
import type { Random } from '@rapport/platform';
import { formatKid, parseKid, type KeyOwner } from '../keyOwner.ts';
import {
  KEY_BYTES,
  type AbsentKey,
  type KeyAnswer,
  type KeyStore,
  type SecretName,
  type UnavailableKey,
} from '../keyStore.ts';
import { foreignKeys, KeyStoreError } from '../keyStoreError.ts';

/** The model of a key store: forgets everything with the process. For tests and simulation. */
export class MemoryKeyStore implements KeyStore {
  /** By key id of generation 1. */
  private readonly keys = new Map<string, KeyAnswer>();
  private readonly secrets = new Map<string, Uint8Array>();
  private logId: string | undefined;
  private closed = false;
  private interrupted = false;

  constructor(private readonly random: Random) {}

  /** Lets a test or a simulation take the store away and bring it back. */
  interrupt(interrupted: boolean): void {
    this.interrupted = interrupted;
  }

  keyFor(owner: KeyOwner, tenant: string): KeyAnswer | AbsentKey {
    return this.failure() ?? this.keys.get(formatKid(tenant, owner, 1)) ?? { status: 'absent' };
  }

  async create(owner: KeyOwner, tenant: string): Promise<KeyAnswer> {
    const known = this.keyFor(owner, tenant);
    if (known.status !== 'absent') return known;
    const kid = formatKid(tenant, owner, 1);
    const made: KeyAnswer = { status: 'key', kid, key: createSecretKey(this.random.bytes(KEY_BYTES)) };
    this.keys.set(kid, made);
    return made;
  }

  byKid(kid: string): KeyAnswer {
    const failure = this.failure();
    if (failure !== undefined) return failure;
    const id = parseKid(kid);
    if (id === undefined) return unavailable('a key id is malformed');
    const first = this.keys.get(formatKid(id.tenant, id.owner, 1));
    if (first?.status === 'destroyed') return first;
    return (id.generation === 1 ? first : undefined) ?? unavailable('the key store does not know a key');
  }

  async destroy(owner: KeyOwner, tenant: string): Promise<void> {
    const failure = this.failure();
    if (failure !== undefined) throw failure.cause;
    this.keys.set(formatKid(tenant, owner, 1), { status: 'destroyed' });
  }

  async secret(name: SecretName, tenant: string): Promise<Uint8Array> {
    const failure = this.failure();
    if (failure !== undefined) throw failure.cause;
    const place = `${tenant}/${name}`;
    const secret = this.secrets.get(place) ?? this.random.bytes(KEY_BYTES);
    this.secrets.set(place, secret);
    return secret;
  }

  async bindTo(logId: string): Promise<void> {
    const failure = this.failure();
    if (failure !== undefined) throw failure.cause;
    this.logId ??= logId;
    if (this.logId !== logId) throw foreignKeys('the key store');
  }

  async rebind(from: string, logId: string): Promise<void> {
    const failure = this.failure();
    if (failure !== undefined) throw failure.cause;
    if (this.logId === from) this.logId = logId;
    if (this.logId !== logId) throw foreignKeys('the key store');
  }

  async boundLog(): Promise<string | undefined> {
    const failure = this.failure();
    if (failure !== undefined) throw failure.cause;
    return this.logId;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  private failure(): UnavailableKey | undefined {
    if (this.closed) {
      return { status: 'unavailable', cause: new KeyStoreError('closed', 'the key store is closed') };
    }
    return this.interrupted ? unavailable('the key store is interrupted') : undefined;
  }
}

function unavailable(message: string): UnavailableKey {
  return { status: 'unavailable', cause: new KeyStoreError('unavailable', message) };
}
