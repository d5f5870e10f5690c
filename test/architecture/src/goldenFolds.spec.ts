import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { COUNTED, EVENTS } from '@rapport/contracts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Streams that nothing is decided on: they say who the log is, whose a code is, how far the demo was lived. */
const UNDECIDED = ['log', 'creditCode', 'demo'];

function specs(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist') return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return specs(path);
    return /^goldenEvents.*\.spec\.ts$/.test(entry.name) ? [path] : [];
  });
}

it('golden events are folded by the decider of every category of streams, in a spec called goldenEvents', () => {
  const text = ['libs', 'services']
    .flatMap((folder) => specs(join(ROOT, folder)))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
  const categories = new Set([...EVENTS.values()].map(({ category }) => category));
  // Golden dues are those of standings (addGoldenEvents.ts).
  categories.delete(COUNTED);
  for (const category of UNDECIDED) categories.delete(category as never);
  expect([...categories].filter((category) => !text.includes(`foldGolden('${category}', `))).toEqual([]);
});
