import {
  AppendConsistencyViolationError,
  type AppendRecordInput,
  type BinaryEventType,
  type ConsistencyCheck,
  type KurrentDBClient,
} from '@kurrent/kurrentdb-client';
import { NO_STREAM, type RevisionConflict, StoreError, type StreamWrite } from '../eventStore.ts';
import { safeInteger } from './loggedEvent.ts';

export type AppendAnswer =
  | { readonly status: 'stored'; readonly position: number }
  | { readonly status: 'conflict'; readonly conflicts: readonly RevisionConflict[] };

/**
 * One append through `appendRecords`: atomic over all streams, each checked at its exact revision, written to or
 * not. The only append path, also for one stream, so that all events are stored alike: bytes as they are
 * (`application/octet-stream`; the client would parse and render JSON anew), no metadata.
 *
 * At least one event. KurrentDB compares ids at the expected places, so a repeat is answered as stored, and
 * nothing is stored again, however often it is sent.
 *
 * @throws what the client throws
 */
export async function sendAppend(
  client: KurrentDBClient,
  writes: readonly StreamWrite[],
): Promise<AppendAnswer> {
  try {
    const { position } = await client.appendRecords<BinaryEventType>(recordsOf(writes), writes.map(checkOf));
    return { status: 'stored', position: safeInteger(position) };
  } catch (error) {
    if (!(error instanceof AppendConsistencyViolationError)) throw error;
    return { status: 'conflict', conflicts: conflictsOf(error, writes) };
  }
}

function recordsOf(writes: readonly StreamWrite[]): AppendRecordInput<BinaryEventType>[] {
  return writes.flatMap(({ stream, events }) =>
    events.map(({ id, type, data }) => ({
      streamName: stream,
      record: {
        id,
        type,
        contentType: 'application/octet-stream' as const,
        // A plain Uint8Array: protobuf takes no subclass, and a Buffer is one.
        data: new Uint8Array(data),
        metadata: undefined,
      },
    })),
  );
}

function checkOf({ stream, expectedRevision }: StreamWrite): ConsistencyCheck {
  const expectedState = expectedRevision === NO_STREAM ? 'no_stream' : BigInt(expectedRevision);
  return { type: 'stream_state', streamName: stream, expectedState };
}

/** In the order of the request; the server gives all streams that fail. */
function conflictsOf(
  { violations }: AppendConsistencyViolationError,
  writes: readonly StreamWrite[],
): readonly RevisionConflict[] {
  const actual = new Map(violations.map(({ streamName, actualState }) => [streamName, actualState]));
  return writes.flatMap(({ stream, expectedRevision }) => {
    const state: unknown = actual.get(stream);
    if (state === undefined) return [];
    const actualRevision = state === 'no_stream' ? NO_STREAM : safeInteger(state as bigint);
    if (actualRevision < NO_STREAM) {
      throw new StoreError('damaged', `the stream ${stream} was deleted: restore a backup`);
    }
    return [{ stream, expectedRevision, actualRevision }];
  });
}
