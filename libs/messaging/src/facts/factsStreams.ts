import { type JetStreamManager, type StreamInfo } from '@nats-io/jetstream';
import { type FactsStream, factsStreamName, readMetadata } from './factsStream.ts';
import { FactsStreamRefused } from './factsStreamRefused.ts';
import { factsStreamConfig, type FactsStreamSettings } from './factsStreamSettings.ts';
import { factSubjects, retiredSubject } from './factSubject.ts';
import { type FactsStreamLook, isRetired, keepFactsStream, lookAt } from './keptFactsStream.ts';

/** Whose facts are published. */
export interface FactsLog extends Pick<FactsStream, 'tenant' | 'logId'> {
  /** What the log was before it was restored from a backup; absent where it never was. */
  readonly restored?: {
    readonly formerLogIds: readonly string[];
    /** Index of the first event that no former log has. */
    readonly from: number;
  };
}

/**
 * The tenant's facts stream of this log: its highest generation, created as the first where there is none, and
 * brought to the settings. Safe to call at any time, by several at once.
 *
 * A restored log's first generation begins where the log forked: what lies before stands in the former log's stream
 * under that log's id, or comes from the ledger. The former log's stream is retired.
 *
 * @param onLook is told how the stream stands, and what of its settings was taken back
 * @throws FactsStreamRefused where that would lose facts, or where another log's stream holds the subjects
 */
export async function openFactsStream(
  manager: JetStreamManager,
  log: FactsLog,
  settings: FactsStreamSettings,
  onLook: (stream: FactsStream, look: FactsStreamLook) => void = () => {},
): Promise<FactsStream> {
  const { tenant, logId, restored } = log;
  const existing = await latestGeneration(manager, log);
  if (existing !== undefined) {
    const { stream, info } = existing;
    if (isRetired(stream, info.config)) {
      throw new FactsStreamRefused(
        `stream ${info.config.name} is retired and has no successor: ` +
          'begin the new generation again (docs/operations.md)',
      );
    }
    onLook(stream, await keepFactsStream(manager, stream, settings, info));
    return stream;
  }
  const stream = { tenant, logId, generation: 1, offset: restored?.from ?? 0 };
  for (const holder of await holders(manager, tenant)) {
    if (await isOf(manager, holder, tenant, restored?.formerLogIds ?? [])) {
      // Cut off in between, nobody holds the subjects: nothing is published, and a repeat goes on here.
      await retire(manager, tenant, holder);
      continue;
    }
    throw new FactsStreamRefused(
      `the facts subjects of tenant ${tenant} belong to stream ${holder}, which is not of this ` +
        'log nor of one that it was: begin a new generation (docs/operations.md)',
    );
  }
  onLook(stream, lookAt(stream, await createStream(manager, stream, settings)));
  return stream;
}

/** The highest generation of a log's facts, as subscribers find it; undefined where there is none. */
export async function findFactsStream(
  manager: JetStreamManager,
  log: Pick<FactsStream, 'tenant' | 'logId'>,
): Promise<FactsStream | undefined> {
  return (await latestGeneration(manager, log))?.stream;
}

/** Ids of the tenant's logs that have a facts stream, of any generation, retired or not. */
export async function logsWithFacts(manager: JetStreamManager, tenant: string): Promise<readonly string[]> {
  const logs = new Set<string>();
  for await (const name of manager.streams.names()) {
    const logId = /-facts-([0-9a-f-]{36})-g\d+$/.exec(name)?.[1];
    if (logId !== undefined && name.startsWith(`crm-${tenant}-facts-`)) logs.add(logId);
  }
  return [...logs];
}

/**
 * Begins the next generation of a log's facts, at an index: the repair of a stream that a foreign message or a loss
 * has spoilt, and what follows a restore (new log). Streams that hold the subjects keep their messages and are
 * retired: their subjects are taken from them. Relays go on in the new one by themselves.
 *
 * @param offset index of the first event that it will hold; 0 for all
 * @returns the new stream; subscribers see it by its name and its offset
 */
export async function startGeneration(
  manager: JetStreamManager,
  log: Pick<FactsStream, 'tenant' | 'logId'>,
  offset: number,
  settings: FactsStreamSettings,
): Promise<FactsStream> {
  if (!Number.isSafeInteger(offset) || offset < 0) throw new RangeError('offset: send an index, 0 or more');
  const latest = await latestGeneration(manager, log);
  const stream = { ...log, generation: (latest?.stream.generation ?? 0) + 1, offset };
  for (const name of await holders(manager, log.tenant)) {
    // Cut off in between, nobody holds the subjects: nothing is published, and a repeat goes on here.
    await retire(manager, log.tenant, name);
  }
  await createStream(manager, stream, settings);
  return stream;
}

/** Whether a stream is the tenant's facts of one of these logs. */
async function isOf(
  manager: JetStreamManager,
  name: string,
  tenant: string,
  logIds: readonly string[],
): Promise<boolean> {
  const stream = readMetadata((await manager.streams.info(name)).config.metadata);
  return (
    stream !== undefined &&
    stream.tenant === tenant &&
    name === factsStreamName(stream) &&
    logIds.includes(stream.logId)
  );
}

async function retire(manager: JetStreamManager, tenant: string, name: string): Promise<void> {
  await manager.streams.update(name, { subjects: [retiredSubject(tenant, name)] });
}

interface Generation {
  readonly stream: FactsStream;
  readonly info: StreamInfo;
}

/** By the streams' names: a list of names answers at once, one with details waits for every server of a cluster. */
async function latestGeneration(
  manager: JetStreamManager,
  { tenant, logId }: Pick<FactsStream, 'tenant' | 'logId'>,
): Promise<Generation | undefined> {
  let latest = 0;
  for await (const name of manager.streams.names()) {
    const generation = Number(/-g(\d+)$/.exec(name)?.[1]);
    if (generation > latest && name === factsStreamName({ tenant, logId, generation })) latest = generation;
  }
  if (latest === 0) return undefined;
  const info = await manager.streams.info(factsStreamName({ tenant, logId, generation: latest }));
  const stream = readMetadata(info.config.metadata);
  if (
    stream === undefined ||
    stream.generation !== latest ||
    stream.logId !== logId ||
    stream.tenant !== tenant
  ) {
    throw new FactsStreamRefused(`stream ${info.config.name} was not made by Rapport: delete it`);
  }
  return { stream, info };
}

/** Streams that take what is published as the tenant's facts. */
async function holders(manager: JetStreamManager, tenant: string): Promise<string[]> {
  const found: string[] = [];
  for await (const name of manager.streams.names(factSubjects(tenant))) found.push(name);
  return found;
}

async function createStream(
  manager: JetStreamManager,
  stream: FactsStream,
  settings: FactsStreamSettings,
): Promise<StreamInfo> {
  // The server takes a repeat with the same configuration, so that two relays may create it at once.
  return manager.streams.add(factsStreamConfig(stream, settings));
}
