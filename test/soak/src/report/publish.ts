import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FormName } from '../options.ts';

/** Beside the bench's figures: what a run of an hour has shown. */
const BENCH = fileURLToPath(new URL('../../../bench', import.meta.url));

const HEAD = `# Soaked

Written by \`npm run soak -- --minutes 60 --publish\`; [test/soak](../soak/README.md) says what happens in it and how to read it.`;

/**
 * Puts the reports of these forms, with their pictures, where they are kept: test/bench/SOAK.md.
 *
 * @param out folder with a folder for each form, as the reports were written
 * @returns the path of the page
 */
export function publish(forms: readonly FormName[], out: string): string {
  const texts = forms.map((form) => {
    const kept = join(BENCH, 'soak', form);
    rmSync(kept, { recursive: true, force: true });
    mkdirSync(kept, { recursive: true });
    for (const file of readdirSync(join(out, form)).filter((name) => name.endsWith('.svg'))) {
      copyFileSync(join(out, form, file), join(kept, file));
    }
    const report = readFileSync(join(out, form, 'REPORT.md'), 'utf8');
    return report.replaceAll(/^#/gm, '##').replaceAll(/\]\((\w+\.svg)\)/g, `](soak/${form}/$1)`);
  });
  const page = join(BENCH, 'SOAK.md');
  writeFileSync(page, [HEAD, ...texts].join('\n\n'));
  return page;
}
