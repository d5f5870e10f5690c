import {
  JetStreamApiError,
  type JetStreamManager,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import { type FactsStream, factsStreamName } from './factsStream.ts';
import { FactsStreamRefused } from './factsStreamRefused.ts';
import {
  changedSettings,
  factsStreamConfig,
  type FactsStreamSettings,
  obstacles,
} from './factsStreamSettings.ts';
import { factSubjects, retiredSubject } from './factSubject.ts';

/** A facts stream as it was found. */
export interface FactsStreamLook {
  /** Sequence of the last message, 0 while there was none. */
  readonly sequence: number;
  /** Sequence of the oldest message that is still held; where there is none, of the next one. */
  readonly firstSequence: number;
  readonly messages: number;
  readonly bytes: number;
  /** The tenant's facts still go to it: a next generation takes them over. */
  readonly current: boolean;
  /** Settings that were not as they must be, and are again. */
  readonly takenBack: readonly string[];
}

/** Where a stream ends just now, and whether the tenant's facts still go to it. Changes nothing. */
export async function inspectFactsStream(
  manager: JetStreamManager,
  stream: FactsStream,
): Promise<FactsStreamLook> {
  return lookAt(stream, await manager.streams.info(factsStreamName(stream)));
}

/**
 * The same, and every setting that somebody has changed is taken back. One that is retired is left as it is.
 *
 * @param found the stream as it was seen just now, where somebody has looked already
 * @throws FactsStreamRefused where a setting can't be taken back, or where that would lose or hide facts
 */
export async function keepFactsStream(
  manager: JetStreamManager,
  stream: FactsStream,
  settings: FactsStreamSettings,
  found?: StreamInfo,
): Promise<FactsStreamLook> {
  const info = found ?? (await manager.streams.info(factsStreamName(stream)));
  const { config, state } = info;
  if (isRetired(stream, config)) return lookAt(stream, info);
  const why = obstacles(config, state.bytes, stream, settings);
  if (why.length > 0) throw new FactsStreamRefused(why.join('; '));
  const wanted = factsStreamConfig(stream, settings);
  const changed = changedSettings(config, wanted);
  const names = Object.keys(changed);
  if (names.length === 0) return lookAt(stream, info);
  const metadata = { ...config.metadata, ...wanted.metadata };
  // Only what differs: a generation that begins meanwhile must not be given its predecessor's subjects back.
  const updated = await update(manager, config.name, { ...changed, ...(changed.metadata && { metadata }) });
  const left = Object.keys(changedSettings(updated.config, wanted));
  if (left.length > 0) throw notTaken(config.name, left, 'the server keeps its own values');
  return lookAt(stream, updated, names);
}

export function isRetired(stream: FactsStream, { name, subjects }: StreamConfig): boolean {
  return subjects.length === 1 && subjects[0] === retiredSubject(stream.tenant, name);
}

async function update(
  manager: JetStreamManager,
  name: string,
  changed: Partial<StreamConfig>,
): Promise<StreamInfo> {
  try {
    return await manager.streams.update(name, changed);
  } catch (error) {
    // Gone, or JetStream is away: that heals.
    if (!(error instanceof JetStreamApiError) || [404, 503].includes(error.status)) throw error;
    throw notTaken(name, Object.keys(changed), error.message);
  }
}

function notTaken(name: string, settings: readonly string[], why: string): FactsStreamRefused {
  return new FactsStreamRefused(
    `stream ${name} has other settings than it must have and they can't be taken back: ${settings.join(', ')} ` +
      `(${why}): set them right, or begin a new generation`,
  );
}

export function lookAt(
  { tenant }: FactsStream,
  { config, state }: StreamInfo,
  takenBack: readonly string[] = [],
): FactsStreamLook {
  return {
    sequence: state.last_seq,
    // The server says 0 of a new stream.
    firstSequence: state.messages === 0 ? state.last_seq + 1 : state.first_seq,
    messages: state.messages,
    bytes: state.bytes,
    current: config.subjects.includes(factSubjects(tenant)),
    takenBack,
  };
}
