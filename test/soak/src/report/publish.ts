import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { FORMS, type FormName } from '../options.ts';
import { TITLES } from './report.ts';

/** Beside the bench's figures: what a run of an hour has shown. */
export const BENCH = fileURLToPath(new URL('../../../bench', import.meta.url));

const HEAD = `# Soaked

Written by \`npm run soak -- --minutes 60 --publish\`; [test/soak](../soak/README.md) says what happens in it and how to read it.
`;

/**
 * Puts the reports of these forms, with their pictures, where they are kept: `SOAK.md`. What it says of other forms stays.
 *
 * @param out folder with a folder for each form, as the reports were written
 * @param kept folder of the page
 * @returns the path of the page
 */
export async function publish(forms: readonly FormName[], out: string, kept = BENCH): Promise<string> {
  const page = join(kept, 'SOAK.md');
  const before = existsSync(page) ? readFileSync(page, 'utf8').split(/^(?=## )/m) : [];
  const sections = FORMS.flatMap((form) => {
    if (forms.includes(form)) return [publishedSection(form, join(out, form), join(kept, 'soak', form))];
    return before.filter((section) => section.startsWith(`## ${TITLES[form]}`));
  });
  writeFileSync(
    page,
    await format([HEAD, ...sections].join('\n\n'), { parser: 'markdown', printWidth: 110 }),
  );
  return page;
}

/** Copies the pictures of a report. @returns its text, one level down in a page beside `soak` */
function publishedSection(form: FormName, from: string, to: string): string {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from).filter((name) => name.endsWith('.svg'))) {
    copyFileSync(join(from, file), join(to, file));
  }
  const report = readFileSync(join(from, 'REPORT.md'), 'utf8');
  return report.replaceAll(/^#/gm, '##').replaceAll(/\]\((\w+\.svg)\)/g, `](soak/${form}/$1)`);
}
