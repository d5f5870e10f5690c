import { NatsLink, type NatsSettings } from '@rapport/messaging';
import type { NatsConfiguration } from '@rapport/platform';
import type { Logger } from 'pino';

/**
 * A connection to NATS.
 *
 * @param service names the connection, its queue group and its inboxes
 */
export function linkTo(
  {
    configuration,
    log,
  }: {
    readonly configuration: Pick<NatsConfiguration, 'tenant' | 'natsUrls' | 'natsCa'>;
    readonly log: Logger;
  },
  service: string,
  user: string | undefined,
  password: string | undefined,
): NatsLink {
  const { tenant, natsUrls, natsCa } = configuration;
  const settings: NatsSettings = {
    servers: natsUrls,
    service,
    tenant,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password: () => password }),
    ...(natsCa !== undefined && { ca: natsCa }),
  };
  return new NatsLink(settings, { report: (what, details) => log.warn({ ...details, service }, what) });
}
