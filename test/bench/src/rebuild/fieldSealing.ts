import { type Envelope, eventVersion, type JsonValue } from '@rapport/contracts';
import { standaloneCaches, systemMonotonicClock, systemRandom } from '@rapport/platform';
import { CachedKeyStore, EmbeddedKeyStore, type EventData, SealedFieldCodec } from '@rapport/privacy';
import type { FieldOpener } from '@rapport/views';

/** An event's envelope with plain data, to be sealed where its definition marks fields, and its place. */
export interface PlainEvent {
  readonly envelope: Envelope<unknown>;
  readonly revision: number;
}

export interface FieldSealing {
  /** Seals the marked fields of all, with keys that are made where there are none. */
  seal(events: readonly PlainEvent[]): Promise<readonly Envelope<JsonValue>[]>;
  readonly opener: FieldOpener;
  close(): Promise<void>;
}

/**
 * The product's own sealing on the key store in a folder, which exists.
 * @param mustExist whether the keys must be there already
 */
export async function openSealing(directory: string, mustExist: boolean): Promise<FieldSealing> {
  const keys = new CachedKeyStore(
    await EmbeddedKeyStore.open({ directory, mustExist }),
    systemMonotonicClock,
    standaloneCaches(),
  );
  const codec = new SealedFieldCodec(keys, systemRandom);
  const sealOne = async ({ envelope, revision }: PlainEvent): Promise<Envelope<JsonValue>> => {
    const definition = eventVersion(envelope.type, envelope.version);
    const context = { ...envelope, revision };
    return {
      ...envelope,
      data: (await codec.seal(definition, envelope.data as EventData, context)) as JsonValue,
    };
  };
  return {
    seal: (events) => Promise.all(events.map(sealOne)),
    opener: { open: (event, paths) => codec.open(event, paths) },
    close: () => keys.close(),
  };
}
