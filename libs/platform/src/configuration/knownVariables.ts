import type { Setting } from './setting.ts';
import { SETTINGS } from './settings.ts';

/** Variables of tools and tests, which a service ignores. */
const OTHERS = /^RAPPORT_(TEST_.*|ENGINES|TOKEN)$/;

/** A secret that is no file by itself may be given as a file: `RAPPORT_VIEWS_FILE` for `RAPPORT_VIEWS`. */
export function fileVariant({ name, secret }: Setting): string | undefined {
  return secret && !name.endsWith('_FILE') ? `${name}_FILE` : undefined;
}

/** Whether the table, or a tool, knows a RAPPORT_… variable. */
export function isKnownVariable(variable: string): boolean {
  return (
    OTHERS.test(variable) ||
    Object.values<Setting>(SETTINGS).some(
      (setting) => setting.name === variable || fileVariant(setting) === variable,
    )
  );
}
