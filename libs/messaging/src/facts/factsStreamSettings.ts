import {
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  StoreCompression,
  type StreamConfig,
} from '@nats-io/jetstream';
import { type FactsStream, factsStreamName, metadataOf, readMetadata } from './factsStream.ts';
import { factSubjects } from './factSubject.ts';

export interface FactsStreamSettings {
  /** 1, or 3 in a cluster. */
  readonly replicas: 1 | 3;
  /** Bytes that the stream may hold on each server; the oldest facts go first, the log still has them. */
  readonly maxBytes: number;
}

export const DEFAULT_FACTS_SETTINGS: FactsStreamSettings = { replicas: 1, maxBytes: 1024 * 1024 * 1024 };

/** Ids are known for one second: longer only keeps a repaired publish from being stored (0 would mean 2 minutes). */
const DUPLICATE_WINDOW_NS = 1_000_000_000;

/**
 * How the stream must be. Never by age: what is old is decided by bytes alone, and nobody deletes or purges. Where
 * nothing is wanted it says so: a setting that is not here is nobody's to take back.
 */
export function factsStreamConfig(stream: FactsStream, settings: FactsStreamSettings) {
  return {
    name: factsStreamName(stream),
    description: 'Facts: recorded events, for subscribers. Written by the relay of the ledger alone.',
    subjects: [factSubjects(stream.tenant)],
    metadata: metadataOf(stream),
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    compression: StoreCompression.None,
    num_replicas: settings.replicas,
    max_bytes: settings.maxBytes,
    max_age: 0,
    max_msgs: -1,
    max_msgs_per_subject: -1,
    max_msg_size: -1,
    duplicate_window: DUPLICATE_WINDOW_NS,
    deny_delete: true,
    deny_purge: true,
    allow_rollup_hdrs: false,
    no_ack: false,
    discard_new_per_subject: false,
    republish: undefined,
    subject_delete_marker_ttl: 0,
    // What subscribers' consumers may be is theirs.
    consumer_limits: { inactive_threshold: 0, max_ack_pending: 0 },
    // One snapshot of many subjects can only be read directly.
    allow_direct: true,
    // What is published together is stored together, or not at all (nats-server 2.12).
    allow_atomic: true,
  } as const satisfies Partial<StreamConfig>;
}

type Wanted = ReturnType<typeof factsStreamConfig>;

/** Settings of a stream that are not as they must be, with the values that they must have. */
export function changedSettings(found: Partial<StreamConfig>, wanted: Wanted): Partial<StreamConfig> {
  const settings = Object.entries(wanted) as [keyof Wanted, Wanted[keyof Wanted]][];
  return Object.fromEntries(settings.filter(([setting, value]) => !same(found[setting], value)));
}

/** The server leaves out what is off, and adds metadata of its own. */
function same(found: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return (found || false) === (wanted || false);
  if (Array.isArray(wanted)) return JSON.stringify(found) === JSON.stringify(wanted);
  const values = (found ?? {}) as Record<string, unknown>;
  return Object.entries(wanted).every(([key, value]) => same(values[key], value));
}

/**
 * What keeps an existing stream from being brought to these settings: it is not this stream, or facts would be lost.
 * Everything else may be updated in place.
 *
 * @returns sentences that say what to do; none when it can be updated
 */
export function obstacles(
  existing: Pick<
    StreamConfig,
    'metadata' | 'storage' | 'retention' | 'sealed' | 'mirror' | 'sources' | 'subject_transform' | 'max_bytes'
  >,
  storedBytes: number,
  stream: FactsStream,
  settings: FactsStreamSettings,
): readonly string[] {
  const name = factsStreamName(stream);
  const found: string[] = [];
  const metadata = readMetadata(existing.metadata);
  if (
    metadata === undefined ||
    metadata.logId !== stream.logId ||
    metadata.generation !== stream.generation
  ) {
    found.push(`stream ${name} was not made by Rapport: delete it or begin a new generation`);
  } else if (metadata.offset !== stream.offset) {
    found.push(
      `stream ${name} begins at index ${metadata.offset}, not ${stream.offset}: begin a new generation`,
    );
  }
  if (existing.storage !== StorageType.File)
    found.push(`stream ${name} is not on disk: begin a new generation`);
  // From `interest` there is a way back.
  if (existing.retention === RetentionPolicy.Workqueue) {
    found.push(`stream ${name} drops what was consumed: begin a new generation`);
  }
  if (existing.sealed) found.push(`stream ${name} is sealed: begin a new generation`);
  if (existing.mirror !== undefined || (existing.sources?.length ?? 0) > 0) {
    found.push(`stream ${name} takes from other streams: begin a new generation`);
  }
  if (existing.subject_transform !== undefined) {
    // Taken back, nothing would tell any more that facts stand under subjects that are not theirs.
    found.push(
      `stream ${name} stores facts under other subjects than theirs (subject_transform): find out who set it and ` +
        'begin a new generation at 0',
    );
  }
  if (existing.max_bytes !== settings.maxBytes && storedBytes > settings.maxBytes) {
    found.push(
      `stream ${name} holds ${storedBytes} bytes, more than the ${settings.maxBytes} that are allowed now: ` +
        'allow more, or begin a new generation',
    );
  }
  return found;
}
