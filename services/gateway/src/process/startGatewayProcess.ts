import { hkdfSync } from 'node:crypto';
import { RemoteLedger } from '@rapport/event-sourcing';
import {
  headOfLog,
  listening,
  observeWaiting,
  readyWhen,
  signingAssertions,
  type RunningService,
  type ServiceHost,
} from '@rapport/hosting';
import { externalStreamId } from '@rapport/privacy';
import { OidcAuthentication } from '../authentication/oidcAuthentication.ts';
import { requestBacklog } from '../intake/underWay.ts';
import { startGateway } from '../startGateway.ts';
import { observeRequests } from './observeRequests.ts';

/** The gateway as a process: HTTP on the one side, NATS on the other. Any number of replicas. */
export async function startGatewayProcess(host: ServiceHost<'gateway'>): Promise<RunningService> {
  const { caches, configuration, link, log, metrics, nestLogger, reach, requests, stopping } = host;
  const { tenant, demo, rateLimit, proxies, actorSecret, oidcIssuer, oidcAudience, oidcJwksUrl } =
    configuration;
  const assertions = await signingAssertions(configuration.assertionKey, caches);
  await reach('nats', link.connected());
  const { logId } = await reach('ledger', headOfLog(new RemoteLedger(requests), stopping));
  const readiness = () => readyWhen({ nats: !stopping.aborted && link.status === 'connected' });
  const actorId = (subject: string): string => externalStreamId(actorSecret, 'actor', subject);
  const backlog = requestBacklog();
  observeWaiting(metrics, () => [backlog]);
  const begun = startGateway({
    host: configuration.listenAddress,
    port: configuration.httpPort,
    logger: nestLogger,
    requests,
    assertActor: (actor) => assertions.assert(actor),
    tenant,
    logId,
    caches,
    rateLimit: rateLimit > 0 && { max: rateLimit, windowMs: 60_000 },
    proxies,
    readiness: async () => readiness(),
    backlog,
    answered: observeRequests(metrics),
    ...(oidcIssuer !== undefined &&
      oidcAudience !== undefined &&
      oidcJwksUrl !== undefined && {
        authentication: new OidcAuthentication({
          issuer: oidcIssuer,
          audience: oidcAudience,
          keys: new URL(oidcJwksUrl),
          rolesClaim: configuration.oidcRolesClaim,
          actorId,
          caches,
          keysChanged: (reason) =>
            reason === undefined
              ? log.info('the keys of the identity provider are read again')
              : log.warn(
                  { reason, url: oidcJwksUrl },
                  'the keys of the identity provider cannot be read: correct RAPPORT_OIDC_JWKS_URL, or what is in between',
                ),
        }),
      }),
    ...(demo && {
      demo: {
        key: new Uint8Array(hkdfSync('sha256', actorSecret, '', 'rapport demo sign-in', 32)),
        anywhere: true,
      },
    }),
  });
  const app = await listening(begun, configuration.httpPort, 'RAPPORT_HTTP_PORT');
  return {
    readiness,
    close: () => app.close(),
  };
}
