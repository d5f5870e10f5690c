import { fileVariant } from './knownVariables.ts';
import { SERVICE_NAMES } from './serviceName.ts';
import type { Setting } from './setting.ts';
import { SETTINGS } from './settings.ts';
import { cacheReference } from '../memory/cacheReference.ts';

const HEAD = `# Configuration

<!-- Generated from libs/platform/src/configuration/settings.ts by \`node tools/configurationReference.mjs\`. -->

Every service of the distributed form reads environment variables and nothing else. Standalone takes arguments instead
(see the README).

- A variable whose name ends in \`_FILE\` names a file, which holds the value.
- A secret that is not such a file may also be given as one: \`RAPPORT_VIEWS_FILE\` instead of \`RAPPORT_VIEWS\`.
- An empty variable counts as one that is not set.
- An unknown \`RAPPORT_…\` variable ends the start: it is a typing error. In Kubernetes set \`enableServiceLinks: false\`,
  or a Service that is called \`rapport-…\` injects variables of that kind (the chart does).
- What is wrong is told at once, by name and with what to do; values are never told.
`;

/** Text of docs/configuration.md. */
export function configurationReference(): string {
  const settings = Object.values<Setting>(SETTINGS);
  return `${HEAD}
## Settings

${settings.map(section).join('\n')}
## By service

| setting | ${SERVICE_NAMES.join(' | ')} |
| --- |${' --- |'.repeat(SERVICE_NAMES.length)}
${settings.map(matrixRow).join('\n')}

● always needed, ○ has a default or may be left out, ◐ needed sometimes (see above).

${cacheReference()}`;
}

function section(setting: Setting): string {
  const { name, type, description, secret, services } = setting;
  const file = fileVariant(setting);
  return `### \`${name}\`

${description}

- ${name.endsWith('_FILE') ? 'File with' : 'Value'}: ${type.words}
- ${presence(setting)}
- Services: ${services.length === SERVICE_NAMES.length ? 'all' : services.join(', ')}
${secret ? `- Secret${file === undefined ? '' : `; or as \`${file}\``}\n` : ''}`;
}

function presence(setting: Setting): string {
  if (setting.default !== undefined) return `Default: \`${setting.default}\``;
  return setting.required === undefined ? 'May be left out' : `Required ${setting.required.words}`;
}

function matrixRow(setting: Setting): string {
  const mark = setting.required === undefined ? '○' : setting.required.words === 'always' ? '●' : '◐';
  const cells = SERVICE_NAMES.map((service) => (setting.services.includes(service) ? mark : ''));
  return `| \`${setting.name}\` | ${cells.join(' | ')} |`;
}
