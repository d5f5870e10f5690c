import { join } from 'node:path';
import { LocalDeployment } from '@rapport/local';
import { SETTINGS } from '@rapport/platform';
import type { Form } from './form.ts';
import { INSPECTABLE } from './inspectable.ts';

export interface ServicesForm extends Form {
  readonly deployment: LocalDeployment;
}

/** Where the projector keeps its views. */
export type ViewsPlace = 'ferretdb' | 'embedded';

/**
 * FerretDB reads a whole collection for whatever is not asked by its key (docs/decisions/0022): what it answers falls as views
 * grow, so it begins at a fifth of what the embedded store begins at.
 */
const BEARS: Readonly<Record<ViewsPlace, number>> = { ferretdb: 0.1, embedded: 0.5 };

/**
 * Each service as a process of its own on NATS and FerretDB, one replica of each.
 *
 * @param cacheMb of each process
 * @param views keys are in FerretDB in any case
 */
export async function startServicesForm(
  folder: string,
  cacheMb: number,
  views: ViewsPlace,
): Promise<ServicesForm> {
  const data = join(folder, 'data');
  const deployment = await LocalDeployment.start({
    folder: data,
    ...(views === 'embedded' && { views: `embedded:${join(data, 'views')}` }),
    build: () => ({ env: { ...INSPECTABLE, [SETTINGS.cacheBytes.name]: String(cacheMb * 1024 * 1024) } }),
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
    bears: BEARS[views],
    folder: data,
    deployment,
    stop: () => deployment.stop(),
  };
}
