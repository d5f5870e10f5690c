// Writes deploy/nats/authorization.conf, and its copy in the chart, from the table of NATS permissions: npm run generate:nats
// With --print [TENANT] it goes to standard output instead, for another tenant or for the test that finds drift.
import { copyFileSync, writeFileSync } from 'node:fs';
import { natsAuthorization } from '@rapport/messaging';

const [mode, tenant = 'main'] = process.argv.slice(2);
if (mode === '--print') process.stdout.write(natsAuthorization(tenant));
else {
  copyFileSync(
    new URL('../deploy/nats/nats-server.conf', import.meta.url),
    new URL('../deploy/helm/rapport/files/nats-server.conf', import.meta.url),
  );
  for (const place of ['deploy/nats/authorization.conf', 'deploy/helm/rapport/files/authorization.conf']) {
    writeFileSync(new URL(`../${place}`, import.meta.url), natsAuthorization('main'));
  }
}
