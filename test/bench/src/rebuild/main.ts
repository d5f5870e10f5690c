import { writeFileSync } from 'node:fs';
import { reason } from '../notAvailable.ts';
import { generateEvents } from './generateEvents.ts';
import { compareRebuilt, rebuildViews } from './rebuildViews.ts';

// One step in a process of its own, so that its memory and its profile are its own:
//   main.ts generate DIR OUTCOME EVENTS | main.ts rebuild DIR OUTCOME | main.ts compare DIR OUTCOME
const [, , step, dir, outcome, events] = process.argv;
if (dir === undefined || outcome === undefined)
  throw new Error('usage: generate|rebuild|compare DIR OUTCOME [EVENTS]');
try {
  const result = await run(dir);
  writeFileSync(outcome, JSON.stringify(result));
} catch (error) {
  console.error(reason(error));
  process.exitCode = 1;
}

function run(folder: string) {
  switch (step) {
    case 'generate':
      return generateEvents(Number(events), folder);
    case 'rebuild':
      return rebuildViews(folder);
    case 'compare':
      return compareRebuilt(folder);
    default:
      throw new Error(`no such step: ${step}`);
  }
}
