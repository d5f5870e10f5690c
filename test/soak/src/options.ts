import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ViewsPlace } from './forms/servicesForm.ts';

export const FORMS = ['standalone', 'services'] as const;

export type FormName = (typeof FORMS)[number];

export interface SoakOptions {
  /** Length of the even load. */
  readonly minutes: number;
  readonly forms: readonly FormName[];
  /** Where reports, pictures and samples go; a folder for each form. Absolute. */
  readonly out: string;
  /** Requests a second; default: half of what the product answers. */
  readonly rate: number | undefined;
  readonly seed: number;
  /** MiB of each process's caches: small, so that they are full long before the end. */
  readonly cacheMb: number;
  /** Whether the reports become the page that is kept: test/bench/SOAK.md. */
  readonly publish: boolean;
  /** Of the separate services. */
  readonly views: ViewsPlace;
}

export const USAGE = `npm run soak -- --minutes N [--form standalone|services|both] [--out DIR] [--rate N] [--seed N] [--cache-mb N] [--views PLACE] [--publish]
  --minutes N   length of the even load (default 10)
  --form        what is loaded (default both)
  --out DIR     reports, pictures and samples (default test/soak/.work)
  --rate N      requests a second (default: half of what it answers, measured first; a tenth with views in FerretDB)
  --seed N      of the mix, and of who is killed when (default 1)
  --cache-mb N  caches of each process in MiB (default 48 standalone, 24 for each service)
  --views PLACE of the separate services: ferretdb (default) or embedded
  --publish     the reports become test/bench/SOAK.md`;

/** Reads the command line. @throws Error that names the option and says what it takes */
export function readOptions(argv: readonly string[], defaultOut: string): SoakOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      minutes: { type: 'string', default: '10' },
      form: { type: 'string', default: 'both' },
      out: { type: 'string', default: defaultOut },
      rate: { type: 'string' },
      seed: { type: 'string', default: '1' },
      'cache-mb': { type: 'string', default: '0' },
      views: { type: 'string', default: 'ferretdb' },
      publish: { type: 'boolean', default: false },
    },
  });
  return {
    minutes: positive('--minutes', values.minutes),
    forms: formsOf(values.form),
    out: resolve(values.out),
    rate: values.rate === undefined ? undefined : positive('--rate', values.rate),
    seed: positive('--seed', values.seed),
    cacheMb: values['cache-mb'] === '0' ? 0 : positive('--cache-mb', values['cache-mb']),
    views: placeOf(values.views),
    publish: values.publish,
  };
}

function formsOf(given: string): readonly FormName[] {
  const known = FORMS.find((form) => form === given);
  if (known !== undefined) return [known];
  if (given === 'both') return FORMS;
  throw new Error(`--form takes ${FORMS.join(', ')} or both`);
}

function placeOf(given: string): ViewsPlace {
  if (given === 'ferretdb' || given === 'embedded') return given;
  throw new Error('--views takes ferretdb or embedded');
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new Error(`${option} takes a number above 0`);
  return value;
}
