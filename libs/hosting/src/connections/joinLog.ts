import { RemoteLedger, type LogHead } from '@rapport/event-sourcing';
import type { CachedKeyStore } from '@rapport/privacy';
import type { ServiceName } from '@rapport/platform';
import { pulseOf } from '../health/pulseOf.ts';
import type { Pulse } from '../health/pulse.ts';
import type { ServiceHost } from '../process/serviceHost.ts';
import { headOfLog } from './headOfLog.ts';
import { openKeys, type KeysPlace } from './openKeys.ts';

/** What is needed of the host: it reads the log through the ledger, and has keys. */
type Joining = Pick<
  ServiceHost<ServiceName>,
  'caches' | 'link' | 'log' | 'reach' | 'requests' | 'stopping'
> & {
  readonly configuration: KeysPlace;
};

/** The log as a process that does not keep it knows it, and the keys that belong to it. */
export interface JoinedLog {
  readonly ledger: RemoteLedger;
  /** When the process joined. */
  readonly head: LogHead;
  readonly keys: CachedKeyStore;
  readonly keysPulse: Pulse;
  close(): Promise<void>;
}

/**
 * Waits for NATS and a ledger, and opens the keys of its log: bound to it before anything is sealed, or an id made, with
 * keys that may be another log's.
 *
 * @throws KeyStoreError
 */
export async function joinLog(host: Joining): Promise<JoinedLog> {
  const { caches, configuration, link, reach, requests, stopping } = host;
  await reach('nats', link.connected());
  const ledger = new RemoteLedger(requests, { caches });
  const head = await reach('ledger', headOfLog(ledger, stopping));
  // The ledger makes the keys before it answers.
  const keys = await reach('keys', openKeys(configuration, true, caches));
  await reach('keys', keys.bindTo(head.logId));
  const keysPulse = pulseOf(host, 'keys', () => keys.boundLog());
  return {
    ledger,
    head,
    keys,
    keysPulse,
    async close() {
      keysPulse.stop();
      ledger.close();
      await keys.close();
    },
  };
}
