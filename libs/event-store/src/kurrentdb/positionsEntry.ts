import { hash } from 'node:crypto';
import type { NewEvent } from '../eventStore.ts';
import { SEGMENT_EVENTS } from './countedPositions.ts';

/**
 * One entry of the sparse map: the last counted event of a segment, and where the segment's events stand. A pure
 * function of the log, id and bytes included, so that replicas may write the same entry side by side.
 */
export interface PositionsEntry {
  /** Index of the segment's last event: 999, 1999, … */
  readonly index: number;
  readonly position: number;
  /** Id of the event at that index. */
  readonly id: string;
  /** Positions of the segment's events in order of index. */
  readonly positions: Float64Array;
}

export const ENTRY_TYPE = 'rapport.CountedPositions';

export function encodeEntry({ index, position, id, positions }: PositionsEntry): NewEvent {
  const steps = encodeSteps(positions);
  const text = JSON.stringify({ id, index, position, steps, v: 1 });
  return { id: entryId(text), type: ENTRY_TYPE, data: new Uint8Array(Buffer.from(text, 'utf8')) };
}

/** Undefined for what is no entry of this version: then the map is counted anew. */
export function decodeEntry(data: Uint8Array): PositionsEntry | undefined {
  try {
    const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
    const { id, index, position, steps, v } = (JSON.parse(text) ?? {}) as Record<string, unknown>;
    if (v !== 1 || typeof id !== 'string' || typeof steps !== 'string') return undefined;
    if (!Number.isSafeInteger(index) || !Number.isSafeInteger(position)) return undefined;
    const positions = decodeSteps(steps);
    if (positions === undefined || positions.at(-1) !== position) return undefined;
    return { id, index: index as number, position: position as number, positions };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Differences as unsigned LEB128, in base64: about 2 bytes an event. */
function encodeSteps(positions: Float64Array): string {
  const bytes: number[] = [];
  let before = 0;
  for (const position of positions) {
    let step = position - before;
    before = position;
    for (; step >= 0x80; step = Math.floor(step / 0x80)) bytes.push((step % 0x80) | 0x80);
    bytes.push(step);
  }
  return Buffer.from(bytes).toString('base64');
}

function decodeSteps(steps: string): Float64Array | undefined {
  const positions = new Float64Array(SEGMENT_EVENTS);
  let count = 0;
  let position = 0;
  let step = 0;
  let factor = 1;
  for (const byte of Buffer.from(steps, 'base64')) {
    step += (byte & 0x7f) * factor;
    factor *= 0x80;
    if (byte >= 0x80) continue;
    if (count === SEGMENT_EVENTS || (count > 0 && step === 0)) return undefined;
    position += step;
    positions[count] = position;
    count += 1;
    step = 0;
    factor = 1;
  }
  return count === SEGMENT_EVENTS && factor === 1 && Number.isSafeInteger(position) ? positions : undefined;
}

/** A name-based UUID (RFC 9562, version 8) of the entry's content. */
function entryId(text: string): string {
  const hex = hash('sha256', `rapport counted positions\n${text}`, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
