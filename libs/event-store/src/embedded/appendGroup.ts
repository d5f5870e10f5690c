import type { RevisionConflict, StoreFailure, StreamWrite } from '../eventStore.ts';

/**
 * Appends on their way to the writer thread. Flat, and with all bytes in one transferred buffer, because
 * structured cloning of an object per event is what would cost the main thread most.
 */
export interface AppendGroup {
  readonly kind: 'append';
  readonly appends: number;
  /** Per append: number of writes; per write: stream, expected revision, counted, number of events; per event: id, type, size. */
  readonly fields: readonly (string | number)[];
  readonly data: Uint8Array<ArrayBuffer>;
}

/** What became of a group: one entry per append in `firstPositions` and `firstIndexes`. */
export type GroupAnswer =
  | {
      readonly kind: 'committed';
      /** Position of the append's first event, or REPEATED, CONFLICT, ID_ELSEWHERE. */
      readonly firstPositions: Float64Array;
      /** Index of its first counted event. */
      readonly firstIndexes: Float64Array;
      readonly conflicts: ReadonlyMap<number, readonly RevisionConflict[]>;
    }
  | { readonly kind: 'failed'; readonly failure: StoreFailure; readonly message: string };

export const REPEATED = -1;
export const CONFLICT = -2;
export const ID_ELSEWHERE = -3;

/** One append as the writer sees it; `data` are views into the group's buffer. */
export type GroupedAppend = readonly (StreamWrite & { readonly counted: boolean })[];

/** The writer's side of encodeAppends. */
export function* decodeGroup({ appends, fields, data }: AppendGroup): Generator<GroupedAppend> {
  let at = 0;
  let byte = 0;
  const next = <T extends string | number>() => fields[at++] as T;
  for (let a = 0; a < appends; a += 1) {
    const writes = Array.from({ length: next<number>() }, () => {
      const [stream, expectedRevision, counted] = [next<string>(), next<number>(), next<number>() === 1];
      const events = Array.from({ length: next<number>() }, () => {
        const [id, type, size] = [next<string>(), next<string>(), next<number>()];
        byte += size;
        return { id, type, data: data.subarray(byte - size, byte) };
      });
      return { stream, expectedRevision, counted, events };
    });
    yield writes;
  }
}
