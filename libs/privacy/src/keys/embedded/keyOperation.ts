import type { KeyOwnerKind } from '@rapport/contracts';

/** What the writer is asked to do; the bytes to insert are drawn by whoever asks. */
export type KeyOperation = CreateKey | DestroyKeys | CreateSecret | BindLog | RebindLog;

export interface CreateKey {
  readonly do: 'create';
  readonly tenant: string;
  readonly kind: KeyOwnerKind;
  readonly owner: string;
  /** Taken only where the owner has no key. */
  readonly key: Uint8Array;
}

export interface DestroyKeys {
  readonly do: 'destroy';
  readonly tenant: string;
  readonly kind: KeyOwnerKind;
  readonly owner: string;
}

export interface CreateSecret {
  readonly do: 'secret';
  readonly tenant: string;
  readonly name: string;
  /** Taken only where the tenant has none of that name. */
  readonly secret: Uint8Array;
}

export interface BindLog {
  readonly do: 'bind';
  /** Taken only where the file is bound to no log. */
  readonly logId: string;
}

export interface RebindLog {
  readonly do: 'rebind';
  /** Only where the file is bound to this log. */
  readonly from: string;
  readonly logId: string;
}

/** A stored key. */
export interface KeyRow {
  readonly generation: number;
  /** All zero once destroyed. */
  readonly key: Uint8Array;
  readonly destroyed: number;
}

/** What a committed operation left: the key, the secret, the id of the log that the file is bound to, or nothing to say. */
export type KeyOutcome = KeyRow | Uint8Array | string | undefined;

/** What the writer thread answers to a group of operations. */
export type GroupAnswer =
  | {
      readonly outcomes: readonly KeyOutcome[];
      /** Bytes of destroyed keys are also gone from the write-ahead log. */
      readonly scrubbed: boolean;
    }
  | { readonly failure: { readonly code: string; readonly message: string } };
