// Checks the Helm chart: node tools/charts.mjs
// Lints and renders it with every file of deploy/helm/values, checks the manifests against the schemas in
// deploy/helm/schemas, then what no schema can say. Ends with `ok` and `not ok` lines; no cluster, no network but for the
// first installation of helm and kubeconform.
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { HELM } from './engines/helm.mjs';
import { goTool } from './engines/goTool.mjs';
import { KUBECONFORM } from './engines/kubeconform.mjs';
import { configurationComplaints, SERVICE_NAMES } from './charts/configurationComplaints.mjs';
import { natsComplaints } from './charts/natsComplaints.mjs';
import { networkComplaints } from './charts/networkComplaints.mjs';
import { podComplaints } from './charts/podComplaints.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const chart = join(root, 'deploy/helm/rapport');
const valuesFolder = join(root, 'deploy/helm/values');
const schemas = join(root, 'deploy/helm/schemas', '{{ .ResourceKind }}{{ .KindSuffix }}.json');
/** The release whose schemas are kept; helm itself knows none when Go has built it. */
const KUBERNETES = '1.37.2';
/** What must be refused: a typing error, and what is missing. */
const REFUSED = {
  'an unknown value': ['--set', 'replicas=3'],
  'an unknown value of a service': ['--set', 'services.ledger.replica=3'],
  'NATS neither bundled nor somewhere': ['--set', 'nats.bundled=false', '--set', 'nats.urls=null'],
  'a password in the address of NATS': [
    '--set',
    'nats.bundled=false',
    '--set',
    'nats.urls={nats://u:p@nats:4222}',
  ],
  'no identity provider': ['--set', 'demo=false'],
  'a tenant that subjects cannot hold': ['--set', 'tenant=A.B'],
  'replicas of the facts that the ledger refuses': ['--set', 'nats.factsReplicas=2'],
  'some proxies': ['--set', 'gateway.proxies=some'],
  'a rate limit below 0': ['--set', 'gateway.rateLimit=-1'],
};

let failed = 0;
function check(name, complaints) {
  if (complaints.length > 0) failed += 1;
  console.log(`${complaints.length === 0 ? 'ok' : 'not ok'} ${name}`);
  for (const complaint of complaints) console.log(`  ${complaint}`);
}

const [helm, kubeconform] = [goTool('helm', HELM), goTool('kubeconform', KUBECONFORM)];
const folder = mkdtempSync(join(tmpdir(), 'rapport-charts-'));

function run(program, ...args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  return {
    fine: status === 0,
    stdout: stdout ?? '',
    told: `${error?.message ?? ''}${stderr}${stdout}`.trim(),
  };
}
const renderChart = (from, ...args) =>
  run(helm, 'template', 'rapport', from, '--namespace', 'crm', '--kube-version', KUBERNETES, ...args);
const render = (...args) => renderChart(chart, ...args);
/** What a variable is set to, wherever it is. */
const valuesOf = (text, variable) =>
  [...text.matchAll(new RegExp(`name: ${variable}, value: "?([^"\\s}]*)`, 'g'))].map(([, value]) => value);
const conform = (text) => {
  const file = join(folder, 'manifests.yaml');
  writeFileSync(file, text);
  return run(kubeconform, '-strict', '-kubernetes-version', KUBERNETES, '-schema-location', schemas, file);
};

try {
  for (const name of readdirSync(valuesFolder).sort()) {
    const values = ['-f', join(valuesFolder, name)];
    const lint = run(helm, 'lint', chart, '--strict', '--kube-version', KUBERNETES, ...values);
    check(`${name}: helm lint --strict`, lint.fine ? [] : [lint.told]);
    const rendered = render(...values);
    check(`${name}: helm template`, rendered.fine ? [] : [rendered.told]);
    if (!rendered.fine) continue;
    const conforms = conform(rendered.stdout);
    check(`${name}: kubeconform -strict`, conforms.fine ? [] : [conforms.told]);
    const manifests = parseAllDocuments(rendered.stdout)
      .map((document) => document.toJS())
      .filter((manifest) => manifest !== null);
    check(
      `${name}: no Secret is made, only named`,
      manifests.filter(({ kind }) => kind === 'Secret').map(({ metadata }) => metadata.name),
    );
    check(`${name}: every pod is locked down`, podComplaints(manifests));
    check(`${name}: every service can read its configuration`, configurationComplaints(manifests));
    check(`${name}: network policies allow what is needed, and no more`, networkComplaints(manifests));
    check(`${name}: NATS takes its configuration`, natsComplaints(manifests, folder));
  }
  const bundled = ['-f', join(valuesFolder, 'bundled.yaml')];
  for (const [name, args] of Object.entries(REFUSED)) {
    check(`refused: ${name}`, render(...bundled, ...args).fine ? ['it was taken'] : []);
  }
  const wrong = conform(render(...bundled).stdout.replace('revisionHistoryLimit', 'revisionHistoryLimits'));
  check('kubeconform sees an unknown field', wrong.fine ? ['it was taken'] : []);
  const other = render(...bundled, '--set', 'tenant=acme').stdout;
  check('another tenant has its own subjects', [
    ...(other.includes('crm.main.') ? ['crm.main. is still there'] : []),
    ...(other.includes('crm.acme.facts.v1.>') ? [] : ['crm.acme. is not there']),
  ]);
  const ingress = ['--set', 'ingress.enabled=true', '--set', 'ingress.host=crm.example.com'];
  for (const [name, args, expected] of [
    ['without an ingress no X-Forwarded-For is believed', [], { proxies: '0', limit: '6000' }],
    ['behind the ingress users do not share one rate limit', ingress, { proxies: '1', limit: '6000' }],
    [
      'who says how many proxies there are, and the rate limit, is believed',
      [...ingress, '--set', 'gateway.proxies=0', '--set', 'gateway.rateLimit=10000000'],
      { proxies: '0', limit: '10000000' },
    ],
    ['a proxy of their own is counted', ['--set', 'gateway.proxies=1'], { proxies: '1', limit: '6000' }],
    [
      'a load balancer before the ingress is counted',
      [...ingress, '--set', 'gateway.proxies=2'],
      { proxies: '2', limit: '6000' },
    ],
  ]) {
    const { stdout } = render(...bundled, ...args);
    const [proxies, proxiesAgain] = valuesOf(stdout, 'RAPPORT_PROXIES');
    const [limit, limitAgain] = valuesOf(stdout, 'RAPPORT_RATE_LIMIT');
    check(name, [
      ...(proxies === expected.proxies && proxiesAgain === undefined
        ? []
        : [`RAPPORT_PROXIES is ${proxies}`]),
      ...(limit === expected.limit && limitAgain === undefined ? [] : [`RAPPORT_RATE_LIMIT is ${limit}`]),
    ]);
  }
  const trusting = render('-f', join(valuesFolder, 'external.yaml')).stdout;
  check(
    'every service may be given more authorities',
    valuesOf(trusting, 'NODE_EXTRA_CA_CERTS').length === SERVICE_NAMES.length
      ? []
      : ['not every one has them'],
  );
  const elsewhere = render(
    '-f',
    join(valuesFolder, 'external.yaml'),
    '--set',
    'oidc.jwksUrl=http://keycloak.identity.svc:8080/certs',
    '--set',
    'nats.urls={tls://nats-0.example.com:4443,tls://nats-1.example.com}',
  ).stdout;
  check(
    'network policies know the ports of addresses',
    networkComplaints(
      parseAllDocuments(elsewhere)
        .map((document) => document.toJS())
        .filter(Boolean),
    ),
  );
  const tainted = parseAllDocuments(
    render(
      ...bundled,
      '--set',
      'image.pullSecrets[0].name=registry,nodeSelector.pool=crm,tolerations[0].key=crm,tolerations[0].operator=Exists',
    ).stdout,
  ).map((document) => document.toJS());
  check(
    'every pod, of an engine too, goes where the values say and may pull its image',
    tainted
      .filter((manifest) => manifest?.kind === 'Deployment' || manifest?.kind === 'StatefulSet')
      .filter(({ spec: { template } }) => {
        const { nodeSelector, tolerations, imagePullSecrets } = template.spec;
        return !(
          nodeSelector?.pool === 'crm' &&
          tolerations?.[0].key === 'crm' &&
          imagePullSecrets?.[0].name === 'registry'
        );
      })
      .map(({ metadata }) => metadata.name),
  );
  const own = join(folder, 'chart');
  cpSync(chart, own, { recursive: true });
  appendFileSync(join(own, 'files/nats-server.conf'), 'max_connections: 100\n');
  const checksum = (of) =>
    /checksum\/configuration: (\w+)/.exec(
      renderChart(of, ...bundled, '-s', 'templates/engines/nats.yaml').stdout,
    )?.[1];
  check(
    'bundled NATS starts again with another nats-server.conf',
    checksum(own) === checksum(chart) ? ['its pods stay as they are'] : [],
  );
  const ahead = render(...bundled, '--set', 'image.tag=1.0.0', '--set', 'services.ledger.tag=1.1.0').stdout;
  check('one service may be a release ahead', [
    ...(ahead.match(/"rapport:1\.1\.0"/g)?.length === 2
      ? []
      : ['not the ledger and its demo alone have 1.1.0']),
    ...(ahead.match(/"rapport:1\.0\.0"/g)?.length === SERVICE_NAMES.length - 1
      ? []
      : ['not all the others have 1.0.0']),
  ]);
} catch (error) {
  check('the chart', [error instanceof Error ? error.stack : String(error)]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
