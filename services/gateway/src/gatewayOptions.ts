import type { Actor } from '@rapport/contracts';
import type { Readiness } from '@rapport/hosting';
import type { RequestClient } from '@rapport/messaging';
import type { CacheBudget, Clock, Random } from '@rapport/platform';
import type { Authentication } from './authentication/authentication.ts';
import type { DemoOptions } from './authentication/demoSignIn.ts';

/** What the gateway needs of the process that it runs in. */
export interface GatewayOptions {
  /** Reaches every service. */
  readonly requests: RequestClient;
  /** Signs who acts, for the ledger to verify. */
  readonly assertActor: (actor: Actor) => Promise<string>;
  readonly tenant: string;
  /** Identity of the log: position tokens of another one are refused. */
  readonly logId: string;
  readonly readiness: () => Promise<Readiness>;
  /** Whether commands and queries are taken; while not, 503 with Retry-After. Default: always. */
  readonly accepting?: () => boolean;
  /** What the caches of the process may hold. */
  readonly caches: CacheBudget;
  /** Verifies bearer tokens. */
  readonly authentication?: Authentication;
  /** Lets anyone sign in in any role: only on a loopback address. */
  readonly demo?: DemoOptions;
  /** The system's time, for tokens and fresh ids; not the business clock, which the demo moves. */
  readonly clock?: Clock;
  readonly random?: Random;
}

/** Nest's injection token of the GatewayOptions. */
export const GATEWAY_OPTIONS = Symbol('GATEWAY_OPTIONS');
