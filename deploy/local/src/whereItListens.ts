import { join } from 'node:path';
import type { LocalDeployment } from './localDeployment.ts';

/** What runs where, for those who look after it and for subscribers. */
export function whereItListens({ all, ports, places, nats, ferretDb }: LocalDeployment): string {
  const services = all.map(
    ({ name, pid }) =>
      `${name.padEnd(16)} pid ${pid}, health http://127.0.0.1:${ports.get(name)}/health/ready, /metrics`,
  );
  return [
    `${nats.name.padEnd(16)} pid ${nats.pid}, ${places.natsUrl}; subscribers: user subscriber, password in`,
    `${' '.repeat(17)}${join(places.secrets, 'subscriber.password')} (docs/subscribe.md)`,
    `${ferretDb.name.padEnd(16)} pid ${ferretDb.pid}, ${new URL(places.views).host}`,
    ...services,
    '',
  ].join('\n');
}
