import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FormName } from '../options.ts';
import { publish } from './publish.ts';
import { TITLES } from './report.ts';

describe('the page that soaks are published in', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rapport-published-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function ran(form: FormName, found: string, ...pictures: string[]): string {
    const out = join(folder, 'out');
    rmSync(join(out, form), { recursive: true, force: true });
    mkdirSync(join(out, form), { recursive: true });
    for (const picture of pictures) writeFileSync(join(out, form, picture), '<svg/>');
    const images = pictures.map((picture) => `![${picture}](${picture})`).join('\n\n');
    writeFileSync(
      join(out, form, 'REPORT.md'),
      `# ${TITLES[form]}, 60 minutes\n\n## Kills\n\n${found}\n\n${images}\n`,
    );
    return out;
  }

  it('holds each form’s last run with its pictures, whichever was run last and however often', async () => {
    const kept = join(folder, 'kept');
    mkdirSync(kept);
    const page = await publish(['services'], ran('services', 'first', 'heap.svg', 'gone.svg'), kept);
    await publish(['standalone'], ran('standalone', 'second', 'heap.svg'), kept);
    await publish(['services'], ran('services', 'third', 'heap.svg'), kept);
    const text = readFileSync(page, 'utf8');
    expect(text.match(/^#+ .*$/gm)).toEqual([
      '# Soaked',
      '## Soak: standalone, 60 minutes',
      '### Kills',
      '## Soak: separate services, 60 minutes',
      '### Kills',
    ]);
    expect(text).not.toContain('first');
    expect(text).toMatch(/second[^]*third/);
    for (const [, picture] of text.matchAll(/\]\(([\w/]+\.svg)\)/g)) {
      expect([picture, existsSync(join(kept, picture!))]).toEqual([picture, true]);
    }
    expect(existsSync(join(kept, 'soak/services/gone.svg'))).toBe(false);
  });
});
