import { CommandSender } from '@rapport/event-sourcing';
import {
  joinLog,
  readyWhen,
  serveOnNats,
  signingAssertions,
  type RunningService,
  type ServiceHost,
} from '@rapport/hosting';
import { systemMonotonicClock, systemTimers } from '@rapport/platform';
import { externalStreamId } from '@rapport/privacy';
import { ImportsModule } from '../importsModule.ts';
import { viewsAtHead } from './viewsAtHead.ts';

/** The imports as a process. It asks services by message as the gateway does, and records nothing itself. */
export async function startImports(host: ServiceHost<'imports'>): Promise<RunningService> {
  const { caches, configuration, requests } = host;
  const { tenant, assertionKey } = configuration;
  const log = await joinLog(host);
  const { ledger, keys } = log;
  const idNamespace = await keys.secret('id-namespace', tenant);
  const assertions = await signingAssertions(assertionKey, caches);
  const served = await serveOnNats(
    host,
    ImportsModule.with({
      tenant,
      requests,
      secretId: (kind, name) => externalStreamId(idNamespace, kind, name),
      sender: new CommandSender(requests, (actor) => assertions.assert(actor)),
      settle: (actor) =>
        viewsAtHead({ ledger, requests, monotonic: systemMonotonicClock, timers: systemTimers }, actor),
    }),
  );
  return {
    readiness: () => readyWhen({ nats: served.up }, { keys: log.keysPulse.up }),
    async close() {
      await served.close();
      await log.close();
    },
  };
}
