import type { LoggerService } from '@nestjs/common';
import type { ServiceRuntime } from '@rapport/event-sourcing';
import type { NatsLink, NatsRequestClient } from '@rapport/messaging';
import type { CacheBudget, Configuration, Followers, ServiceName } from '@rapport/platform';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Readiness } from './readiness.ts';
import type { StartingParts } from './startingParts.ts';

/** What every process of the distributed form has, whatever service runs in it. */
export interface ServiceHost<Service extends ServiceName> {
  readonly configuration: Configuration<Service>;
  readonly log: Logger;
  readonly nestLogger: LoggerService;
  /** Tells whoever is on call; never with personal data. */
  readonly alert: ServiceRuntime['alert'];
  readonly link: NatsLink;
  readonly requests: NatsRequestClient;
  readonly metrics: Registry;
  /** What the caches of the process may hold. */
  readonly caches: CacheBudget;
  /** Looks at whatever follows something in this process. */
  readonly followers: Followers;
  /** Waits at the start for a part, so that readiness says for which. */
  readonly reach: StartingParts['reach'];
  /** Aborts when the process is asked to stop. */
  readonly stopping: AbortSignal;
}

/** A service at work. */
export interface RunningService {
  readonly readiness: () => Readiness;
  /** Finishes what is under way; called once. */
  close(): Promise<void>;
}
