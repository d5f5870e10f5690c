/** What no pod of the chart may lack: user, file system, capabilities, tokens, probes, memory, time to stop. */
export function podComplaints(manifests) {
  const workloads = manifests.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
  return workloads.flatMap((workload) => {
    const { spec } = workload.spec.template;
    const own = complaintsOf(spec, workload.kind === 'Deployment' ? graceMs(manifests) : 0);
    return own.map((complaint) => `${workload.metadata.name}: ${complaint}`);
  });
}

function graceMs(manifests) {
  const [{ data }] = manifests.filter(
    ({ kind, data: have }) => kind === 'ConfigMap' && 'RAPPORT_TENANT' in have,
  );
  return Number(data.RAPPORT_SHUTDOWN_GRACE_MS);
}

function complaintsOf(spec, grace) {
  const { securityContext: pod = {}, containers, initContainers = [] } = spec;
  const must = [
    [spec.automountServiceAccountToken === false, 'its service account token is mounted'],
    // Kubernetes would inject RAPPORT_…_PORT for a Service that is called rapport-….
    [spec.enableServiceLinks === false, 'service links are on'],
    [pod.runAsNonRoot === true && pod.runAsUser > 0, 'it may run as root'],
    [pod.seccompProfile?.type === 'RuntimeDefault', 'no seccomp profile'],
    [(spec.terminationGracePeriodSeconds ?? 30) * 1000 >= grace + 5_000, 'it is killed before it could stop'],
    ...[...initContainers, ...containers].flatMap(
      ({ securityContext: own = {}, resources, env = [], ...container }) => [
        [own.readOnlyRootFilesystem === true, 'its root file system can be written'],
        [own.allowPrivilegeEscalation === false, 'privileges may escalate'],
        [own.capabilities?.drop?.includes('ALL'), 'it keeps capabilities'],
        [resources?.requests?.cpu && resources.requests.memory && resources.limits?.memory, 'no resources'],
        [
          initContainers.some(({ name }) => name === container.name) ||
            (container.startupProbe && container.livenessProbe && container.readinessProbe),
          'a probe is missing',
        ],
        [env.every(({ valueFrom }) => valueFrom === undefined), 'a secret stands in its environment'],
        [
          /[:@]\S+$/.test(container.image) && !container.image.endsWith(':latest'),
          'its image has no version',
        ],
      ],
    ),
  ];
  return must.filter(([holds]) => !holds).map(([, complaint]) => complaint);
}
