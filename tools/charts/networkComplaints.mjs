const PORTS = { nats: 4222, mongodb: 27017, kurrentdb: 2113 };

const portOf = (url) => {
  const { port, protocol } = new URL(url);
  return Number(port || (protocol === 'http:' ? 80 : 443));
};

/** Who may open connections to which engine, as design.md says; nothing where policies are switched off. */
export function networkComplaints(manifests) {
  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy').map(({ spec }) => spec);
  if (policies.length === 0) return [];
  const everywhere = policies.find(
    ({ podSelector }) => podSelector.matchLabels['app.kubernetes.io/component'] === undefined,
  );
  const complaints = [];
  if (everywhere?.policyTypes.join() !== 'Ingress,Egress' || everywhere.ingress !== undefined) {
    complaints.push('nothing denies by default');
  }
  for (const { metadata } of manifests.filter(({ kind }) => kind === 'Deployment')) {
    const service = metadata.labels['app.kubernetes.io/component'];
    const own = policies.find(
      ({ podSelector }) => podSelector.matchLabels['app.kubernetes.io/component'] === service,
    );
    if (own === undefined) {
      complaints.push(`${service} has no policy`);
      continue;
    }
    const reached = own.egress.flatMap(({ ports }) => ports.map(({ port }) => port));
    const { RAPPORT_NATS_URL: nats, RAPPORT_OIDC_JWKS_URL: keys } = manifests.find(
      ({ kind, data }) => kind === 'ConfigMap' && 'RAPPORT_NATS_URL' in data,
    ).data;
    const expected = [
      ...new Set(nats.split(',').map((url) => Number(new URL(url).port || PORTS.nats))),
      ...(service === 'gateway' && keys ? [portOf(keys)] : []),
      ...(service === 'gateway' ? [] : [PORTS.mongodb]),
      ...(service === 'ledger' ? [PORTS.kurrentdb] : []),
    ];
    const beyond = reached.filter((port) => !expected.includes(port));
    const missing = expected.filter((port) => !reached.includes(port));
    if (beyond.length > 0) complaints.push(`${service} reaches ${beyond}`);
    if (missing.length > 0) complaints.push(`${service} does not reach ${missing}`);
    if (service !== 'gateway' && own.ingress?.some(({ from }) => from === undefined)) {
      complaints.push(`${service} is reached by everybody`);
    }
  }
  return complaints;
}
