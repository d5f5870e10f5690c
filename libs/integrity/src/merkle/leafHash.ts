import { hash } from 'node:crypto';
import { canonicalJson, type RecordedEvent } from '@rapport/contracts';
import { sha256 } from './sha256.ts';

const LEAF = Uint8Array.of(0x00);

/** What a leaf says of an event: where it stands in which log, and what its stored bytes are. */
export interface MerkleLeaf extends Pick<RecordedEvent, 'stream' | 'revision' | 'id'> {
  readonly logId: string;
  /** Counted events only. */
  readonly index: number;
  /** The stored bytes, as they are. */
  readonly data: Uint8Array;
}

/**
 * Merkle leaf of an event (contract.md, RFC 6962): SHA-256(0x00 ‖ JCS{id, index, logId, revision, sha256, stream})
 * with `sha256` = SHA-256 of the stored bytes in lower-case hex.
 */
export function leafHash({ logId, index, stream, revision, id, data }: MerkleLeaf): Uint8Array {
  const leaf = { logId, index, stream, revision, id, sha256: hash('sha256', data, 'hex') };
  return sha256(LEAF, Buffer.from(canonicalJson(leaf), 'utf8'));
}
