import type { ServiceName } from './serviceName.ts';
import type { SettingType } from './settingType.ts';

/** One RAPPORT_… variable: everything that the reader, the reference page, the chart and the compose test know. */
export interface Setting<
  Value = unknown,
  Service extends ServiceName = ServiceName,
  Presence extends 'always' | 'perhaps' = 'always' | 'perhaps',
> {
  /** `RAPPORT_…`; ends in `_FILE` where the variable names a file that holds the value. */
  readonly name: string;
  readonly type: SettingType<Value>;
  /** One or two sentences for the reference page. */
  readonly description: string;
  /** Values never stand in errors, logs or the chart's values. */
  readonly secret: boolean;
  /** Services that read it; it may be set for others, which ignore it. */
  readonly services: readonly Service[];
  /** As it would stand in the environment. */
  readonly default?: string;
  /** Without a default: when it must be set. Absent: it may always be left out. */
  readonly required?: Requirement;
  /** Whether a value is certain to be there: it has a default, or is always required. */
  readonly presence: Presence;
}

export interface Requirement {
  /** Completes «required …» on the reference page and in errors: `always`, `unless RAPPORT_DEMO is true`. */
  readonly words: string;
  /** @param read another variable's text, also where it is given as a file */
  readonly holds: (read: (name: string) => string | undefined) => boolean;
}

export const ALWAYS: Requirement = { words: 'always', holds: () => true };
