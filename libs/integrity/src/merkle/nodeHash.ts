import { sha256 } from './sha256.ts';

const NODE = Uint8Array.of(0x01);

/** Hash of an inner node of the Merkle tree (RFC 6962, 2.1): SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(NODE, left, right);
}
