import { readFileSync } from 'node:fs';
import type { Configuration } from './configuration.ts';
import { ConfigurationError } from './configurationError.ts';
import { fileVariant, isKnownVariable } from './knownVariables.ts';
import type { ServiceName } from './serviceName.ts';
import type { Setting } from './setting.ts';
import { SETTINGS } from './settings.ts';
import { Misfit } from './settingType.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads what a service needs from its environment and from the files that it names. An empty variable counts as
 * one that is not set, as compose and Kubernetes write them.
 *
 * @param readFile returns a file's text; throws the system's error
 * @returns a frozen object, typed per service
 * @throws ConfigurationError with every complaint at once: what is unknown, missing or wrong
 */
export function readConfiguration<Service extends ServiceName>(
  service: Service,
  env: Environment,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Configuration<Service> {
  const own = Object.entries<Setting>(SETTINGS).filter(([, { services }]) => services.includes(service));
  return read(service, own, env, readFile) as Configuration<Service>;
}

/** What a tool needs to reach NATS, and nothing else. @throws ConfigurationError as readConfiguration */
export function readNatsConfiguration(
  tool: string,
  env: Environment,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): NatsConfiguration {
  const { tenant, natsUrls, natsUser, natsPassword, natsCa } = SETTINGS;
  const own = Object.entries<Setting>({ tenant, natsUrls, natsUser, natsPassword, natsCa });
  return read(tool, own, env, readFile) as NatsConfiguration;
}

/** What everybody on NATS reads. */
export type NatsConfiguration = Pick<
  Configuration<ServiceName>,
  'tenant' | 'natsUrls' | 'natsUser' | 'natsPassword' | 'natsCa'
>;

function read(
  reader: string,
  settings: readonly (readonly [key: string, setting: Setting])[],
  env: Environment,
  readFile: (path: string) => string,
): object {
  const complaints = unknownVariables(env);
  const values: Record<string, unknown> = {};
  for (const [key, setting] of settings) {
    try {
      values[key] = valueOf(setting, reader, env, readFile);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      complaints.push(error.message);
    }
  }
  if (complaints.length > 0) throw new ConfigurationError(complaints);
  return Object.freeze(values);
}

function unknownVariables(env: Environment): string[] {
  return Object.keys(env)
    .filter((variable) => variable.startsWith('RAPPORT_') && !isKnownVariable(variable))
    .sort()
    .map(
      (variable) =>
        `${variable} is no setting of Rapport: correct the name or unset it (docs/configuration.md)`,
    );
}

function valueOf(
  setting: Setting,
  service: string,
  env: Environment,
  readFile: (path: string) => string,
): unknown {
  const read = (variable: string) => (env[variable] === '' ? undefined : env[variable]);
  const { name } = setting;
  const alternative = fileVariant(setting);
  const path = alternative === undefined ? undefined : read(alternative);
  if (path !== undefined && read(name) !== undefined) {
    throw new Misfit(`${name} and ${alternative} are both set: unset one of them`);
  }
  const given = read(name) ?? setting.default;
  if (path !== undefined)
    return parsed(setting, alternative!, contentOf(alternative!, path, readFile).trim());
  if (given === undefined) {
    const resolve = (other: string) => {
      const file = read(`${other}_FILE`);
      return read(other) ?? (file && contentOf(`${other}_FILE`, file, readFile).trim());
    };
    if (setting.required?.holds(resolve) !== true) return undefined;
    const or = alternative === undefined ? '' : ` (or ${alternative})`;
    const when = setting.required.words === 'always' ? '' : ` ${setting.required.words.replaceAll('`', '')}`;
    const how = name.endsWith('_FILE') ? 'name a file that holds' : 'set it to';
    throw new Misfit(
      `${name}${or} is needed by ${service}${when}: ${how} ${setting.type.words.replaceAll('`', '')}`,
    );
  }
  if (!name.endsWith('_FILE')) return parsed(setting, name, given);
  return parsed(setting, name, contentOf(name, given, readFile));
}

function contentOf(variable: string, path: string, readFile: (path: string) => string): string {
  try {
    return readFile(path);
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new Misfit(
      `${variable} names a file that cannot be read (${code}): mount it, readable by this user`,
    );
  }
}

function parsed({ type }: Setting, variable: string, given: string): unknown {
  try {
    return type.parse(given);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    throw new Misfit(`${variable} ${error.message}`);
  }
}
