import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { Setting } from './setting.ts';
import { SETTINGS } from './settings.ts';

const ROOT = new URL('../../../../', import.meta.url);
const page = readFileSync(new URL('docs/configuration.md', ROOT), 'utf8');

describe('docs/configuration.md', () => {
  it('is what the table says: run `node tools/configurationReference.mjs` after a change', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [fileURLToPath(new URL('tools/configurationReference.mjs', ROOT)), '--print'],
      { encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(page);
  });

  it('has every setting, each name once', () => {
    const names = Object.values<Setting>(SETTINGS).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(page).toContain(`### \`${name}\``);
  });
});
