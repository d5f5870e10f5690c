// Writes deploy/helm/schemas from the OpenAPI document of a Kubernetes release, for kubeconform without a network:
//   go mod download -json k8s.io/kubernetes@v1.37.2      (prints "Dir": where it is)
//   node tools/kubernetesSchemas.mjs DIR/api/openapi-spec/swagger.json
// Only the kinds that the chart makes. Strict: an unknown field is an error. Without descriptions.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const KINDS = {
  ConfigMap: 'io.k8s.api.core.v1.ConfigMap',
  Service: 'io.k8s.api.core.v1.Service',
  ServiceAccount: 'io.k8s.api.core.v1.ServiceAccount',
  Deployment: 'io.k8s.api.apps.v1.Deployment',
  StatefulSet: 'io.k8s.api.apps.v1.StatefulSet',
  HorizontalPodAutoscaler: 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler',
  Ingress: 'io.k8s.api.networking.v1.Ingress',
  NetworkPolicy: 'io.k8s.api.networking.v1.NetworkPolicy',
  PodDisruptionBudget: 'io.k8s.api.policy.v1.PodDisruptionBudget',
};
/** Types that OpenAPI 2 cannot say: a number or a text. */
const EITHER = {
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { type: ['string', 'integer'] },
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { type: ['string', 'number'] },
};

const { definitions, info } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const folder = new URL('../deploy/helm/schemas/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (name.endsWith('.json')) rmSync(new URL(name, folder));

for (const [kind, definition] of Object.entries(KINDS)) {
  const used = {};
  const { group, version } = definitions[definition]['x-kubernetes-group-version-kind'][0];
  const root = strict(definitions[definition], used);
  root.properties.kind = { const: kind };
  root.properties.apiVersion = { const: group === '' ? version : `${group}/${version}` };
  root.required = [...new Set([...(root.required ?? []), 'kind', 'apiVersion', 'metadata'])];
  const suffix = group === '' ? version : `${group.split('.')[0]}-${version}`;
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $comment: `From the OpenAPI document of Kubernetes ${info.version} (Apache-2.0), by tools/kubernetesSchemas.mjs`,
    ...root,
    definitions: used,
  };
  writeFileSync(new URL(`${kind.toLowerCase()}-${suffix}.json`, folder), `${JSON.stringify(schema)}\n`);
}

/** The schema without what does not validate, its references collected in `used`. */
function strict(schema, used) {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1);
    if (EITHER[name] !== undefined) return EITHER[name];
    if (used[name] === undefined) {
      // Before it is filled: definitions refer to themselves.
      used[name] = {};
      Object.assign(used[name], strict(definitions[name], used));
    }
    return { $ref: `#/definitions/${name}` };
  }
  const { type, required, enum: values, minimum, maximum } = schema;
  const kept = Object.fromEntries(
    Object.entries({ type, required, enum: values, minimum, maximum }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  if (schema.items !== undefined) kept.items = strict(schema.items, used);
  if (schema.properties !== undefined) {
    kept.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, strict(property, used)]),
    );
    kept.additionalProperties = false;
  } else if (typeof schema.additionalProperties === 'object') {
    kept.additionalProperties = strict(schema.additionalProperties, used);
  }
  return kept;
}
