/** Which stream: facts of one log, in one generation. A restore or a repair begins another stream. */
export interface FactsStream {
  readonly tenant: string;
  /** An index means something only with the id of its log. */
  readonly logId: string;
  /** 1 for a log's first stream; a repair begins the next one. */
  readonly generation: number;
  /** Index of the first event that the stream holds or will hold: 0, or later for a generation that began later. */
  readonly offset: number;
}

const TENANT = /^[a-z][a-z0-9-]{0,39}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Name of the JetStream stream. @throws RangeError where tenant or log could not stand in a name */
export function factsStreamName({ tenant, logId, generation }: Omit<FactsStream, 'offset'>): string {
  if (!TENANT.test(tenant))
    throw new RangeError('tenant: send a-z, 0-9 and -, at most 40, beginning with a letter');
  if (!UUID.test(logId)) throw new RangeError('logId: send a UUID in lower case');
  if (!Number.isSafeInteger(generation) || generation < 1) throw new RangeError('generation: send 1 or more');
  return `crm-${tenant}-facts-${logId}-g${generation}`;
}

/** Sequence of the message that carries the event of this index: JetStream counts from 1. */
export function sequenceOf({ offset }: Pick<FactsStream, 'offset'>, index: number): number {
  return index + 1 - offset;
}

/** Index of the event that the message of this sequence carries. */
export function indexOf({ offset }: Pick<FactsStream, 'offset'>, sequence: number): number {
  return sequence - 1 + offset;
}

/** The stream as its metadata tells it to whoever finds it; undefined for a stream that is none of facts. */
export function readMetadata(
  metadata: Readonly<Record<string, string>> | undefined,
): FactsStream | undefined {
  const tenant = metadata?.['crm-tenant'];
  const logId = metadata?.['crm-log'];
  const generation = Number(metadata?.['crm-generation']);
  const offset = Number(metadata?.['crm-offset']);
  if (tenant === undefined || logId === undefined) return undefined;
  if (!Number.isSafeInteger(generation) || !Number.isSafeInteger(offset) || generation < 1 || offset < 0) {
    return undefined;
  }
  return { tenant, logId, generation, offset };
}

export function metadataOf({ tenant, logId, generation, offset }: FactsStream): Record<string, string> {
  return {
    'crm-tenant': tenant,
    'crm-log': logId,
    'crm-generation': String(generation),
    'crm-offset': String(offset),
  };
}
