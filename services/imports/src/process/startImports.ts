import { NestFactory } from '@nestjs/core';
import { CommandSender, RemoteLedger } from '@rapport/event-sourcing';
import {
  headOfLog,
  openKeys,
  readyWhen,
  signingAssertions,
  type RunningService,
  type ServiceHost,
} from '@rapport/hosting';
import { NatsStrategy } from '@rapport/messaging';
import { systemMonotonicClock, systemTimers } from '@rapport/platform';
import { externalStreamId } from '@rapport/privacy';
import { ImportsModule } from '../importsModule.ts';
import { viewsAtHead } from './viewsAtHead.ts';

/** The imports as a process. It asks services by message as the gateway does, and records nothing itself. */
export async function startImports(host: ServiceHost<'imports'>): Promise<RunningService> {
  const { configuration, link, nestLogger, requests, stopping } = host;
  const { tenant, assertionKey, shutdownGraceMs } = configuration;
  await link.connected();
  const ledger = new RemoteLedger(requests);
  const { logId } = await headOfLog(ledger, stopping);
  // The ledger makes the keys before it answers.
  const keys = await openKeys(configuration, true);
  // Before ids are made in a namespace that may be another log's.
  await keys.bindTo(logId);
  const idNamespace = await keys.secret('id-namespace', tenant);
  const assertions = await signingAssertions(assertionKey);
  const app = await NestFactory.createMicroservice(
    ImportsModule.with({
      tenant,
      requests,
      secretId: (kind, name) => externalStreamId(idNamespace, kind, name),
      sender: new CommandSender(requests, (actor) => assertions.assert(actor)),
      settle: (actor) =>
        viewsAtHead({ ledger, requests, monotonic: systemMonotonicClock, timers: systemTimers }, actor),
    }),
    {
      strategy: new NatsStrategy(link, { graceMs: shutdownGraceMs }),
      logger: nestLogger,
      abortOnError: false,
    },
  );
  await app.listen();
  return {
    readiness: () => readyWhen({ nats: link.status === 'connected' }),
    async close() {
      await app.close();
      ledger.close();
      await keys.close();
    },
  };
}
