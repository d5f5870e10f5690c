import type { JetStreamManager } from '@nats-io/jetstream';
import { UsageError } from '@rapport/hosting';
import {
  logsWithFacts,
  startGeneration,
  type FactsStream,
  type FactsStreamSettings,
} from '@rapport/messaging';

export interface NewGeneration {
  readonly tenant: string;
  /** Default: the one log of the tenant that has facts streams. */
  readonly logId?: string | undefined;
  /** Index of the first event that it will hold. */
  readonly offset: number;
  readonly settings: FactsStreamSettings;
}

/** Begins the next generation of a log's facts. @throws UsageError where it is not clear of which log */
export async function beginGeneration(
  manager: JetStreamManager,
  { tenant, logId, offset, settings }: NewGeneration,
): Promise<FactsStream> {
  const logs = await logsWithFacts(manager, tenant);
  const chosen = logId ?? (logs.length === 1 ? logs[0] : undefined);
  if (chosen === undefined || !logs.includes(chosen)) {
    const known = logs.length === 0 ? 'there are none' : `there are ${logs.join(', ')}`;
    throw new UsageError(`--log must name a log of tenant ${tenant} that has a facts stream: ${known}`);
  }
  return startGeneration(manager, { tenant, logId: chosen }, offset, settings);
}
