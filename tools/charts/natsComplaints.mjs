import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What nats-server says of the bundled server's configuration. Nothing where NATS is not bundled, or where
 * RAPPORT_TEST_NATS_SERVER names no server to ask.
 */
export function natsComplaints(manifests, folder) {
  const server = process.env.RAPPORT_TEST_NATS_SERVER;
  const files = manifests.find(
    ({ kind, data }) => kind === 'ConfigMap' && 'authorization.conf' in data,
  )?.data;
  if (server === undefined || files === undefined) return [];
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const users = [...files['authorization.conf'].matchAll(/^ +user: (\S+)$/gm)].map(([, user]) => user);
  writeFileSync(join(folder, 'passwords.conf'), users.map((user) => `${user}_password: "sample"\n`).join(''));
  const { status, stderr } = spawnSync(server, ['-t', '--config', join(folder, 'nats-server.conf')], {
    encoding: 'utf8',
  });
  return status === 0 ? [] : [stderr.trim()];
}
