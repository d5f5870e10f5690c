import { randomBytes, randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';
import type { Random } from './random.ts';

const pool = Buffer.allocUnsafe(4096);
let used = pool.length;

/** Cryptographic randomness of the operating system, small requests served from a refilled pool. */
export const systemRandom: Random = {
  bytes(size) {
    if (size > 256) return randomBytes(size);
    if (used + size > pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const bytes = Uint8Array.prototype.slice.call(pool, used, used + size);
    used += size;
    return bytes;
  },
  // Left to itself, the library asks the operating system for 16 bytes each time.
  uuidv7: (now) => v7({ msecs: now, random: systemRandom.bytes(16) }),
};
