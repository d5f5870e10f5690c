import { register } from 'node:module';
import { sampleSecret } from './sampleSecret.mjs';

register('../swc/loader.mjs', import.meta.url);
const { readConfiguration } = await import('../../libs/platform/src/configuration/readConfiguration.ts');
export const { SERVICE_NAMES } = await import('../../libs/platform/src/configuration/serviceName.ts');

/** What each service would complain of, if it started with its Deployment's environment and mounted files. */
export function configurationComplaints(manifests) {
  const of = (kind) => manifests.filter((manifest) => manifest.kind === kind);
  return SERVICE_NAMES.flatMap((service) => {
    const deployment = of('Deployment').find(
      ({ spec }) => spec.template.spec.containers[0].args.join() === service,
    );
    if (deployment === undefined) return [`${service} has no Deployment`];
    const { containers, volumes } = deployment.spec.template.spec;
    const [{ env, envFrom, volumeMounts }] = containers;
    const values = {
      ...of('ConfigMap').find(({ metadata }) => metadata.name === envFrom[0].configMapRef.name).data,
      ...Object.fromEntries(env.map(({ name, value }) => [name, value])),
    };
    const files = new Map(
      volumes.flatMap(({ name, secret }) => {
        const at = volumeMounts.find((mount) => mount.name === name).mountPath;
        return (secret?.items ?? []).map(({ key, path }) => [`${at}/${path}`, key]);
      }),
    );
    const read = new Set();
    try {
      readConfiguration(service, values, (path) => {
        read.add(path);
        if (!files.has(path)) throw Object.assign(new Error(path), { code: 'ENOENT' });
        return sampleSecret(files.get(path));
      });
    } catch (error) {
      return [`${service}: ${error.message}`];
    }
    // By Node itself.
    if (values.NODE_EXTRA_CA_CERTS !== undefined) {
      read.add(values.NODE_EXTRA_CA_CERTS);
      if (!files.has(values.NODE_EXTRA_CA_CERTS)) return [`${service}: NODE_EXTRA_CA_CERTS names no file`];
    }
    // Least privilege: what is not read is not mounted.
    return [...files.keys()]
      .filter((path) => !read.has(path))
      .map((path) => `${service}: ${path} is read by nobody`);
  });
}
