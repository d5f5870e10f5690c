import { NatsLink, NOT_REACHED, USER_REFUSED, type NatsSettings } from '@rapport/messaging';
import type { NatsConfiguration } from '@rapport/platform';
import type { Logger } from 'pino';

/**
 * A connection to NATS.
 *
 * @param service names the connection, its queue group and its inboxes
 * @param named the settings that the user and the password come from, for whoever has to correct them
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
  named = { user: 'RAPPORT_NATS_USER', password: 'RAPPORT_NATS_PASSWORD_FILE' },
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
  const remedies: Readonly<Record<string, string>> = {
    [NOT_REACHED]: `${NOT_REACHED}: start it, or correct RAPPORT_NATS_URL`,
    [USER_REFUSED]: `${USER_REFUSED} ${user ?? '(none is given)'}: correct ${named.user} and the file that ${named.password} names`,
  };
  return new NatsLink(settings, {
    report: (what, details) => log.warn({ ...details, service }, remedies[what] ?? what),
  });
}
