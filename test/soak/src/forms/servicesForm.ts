import { join } from 'node:path';
import { LocalDeployment } from '@rapport/local';
import { SETTINGS } from '@rapport/platform';
import type { Form } from './form.ts';
import { INSPECTABLE } from './inspectable.ts';

export interface ServicesForm extends Form {
  readonly deployment: LocalDeployment;
}

/** Each service as a process of its own on NATS and FerretDB, one replica of each. @param cacheMb of each process */
export async function startServicesForm(folder: string, cacheMb: number): Promise<ServicesForm> {
  const data = join(folder, 'data');
  const deployment = await LocalDeployment.start({
    folder: data,
    environment: { ...INSPECTABLE, [SETTINGS.cacheBytes.name]: String(cacheMb * 1024 * 1024) },
  });
  const services = deployment.all.map((service) => ({
    name: service.name.replace(/-1$/, ''),
    process: service,
    metricsUrl: `http://127.0.0.1:${deployment.ports.get(service.name)}/metrics`,
  }));
  const engines = [deployment.nats, deployment.ferretDb].map((engine) => ({
    name: engine.name,
    process: engine,
  }));
  return {
    name: 'services',
    url: deployment.url,
    processes: [...services, ...engines],
    folder: data,
    deployment,
    stop: () => deployment.stop(),
  };
}
