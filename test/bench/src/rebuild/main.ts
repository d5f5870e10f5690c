import { writeFileSync } from 'node:fs';
import { reason } from '../notAvailable.ts';
import { generateEvents } from './generateEvents.ts';
import { rebuildViews } from './rebuildViews.ts';

// One step in a process of its own, so that its memory and its profile are its own:
//   main.ts generate DIR OUTCOME EVENTS | main.ts rebuild DIR OUTCOME
const [, , step, dir, outcome, events] = process.argv;
if (dir === undefined || outcome === undefined)
  throw new Error('usage: generate|rebuild DIR OUTCOME [EVENTS]');
try {
  const result = step === 'generate' ? await generateEvents(Number(events), dir) : await rebuildViews(dir);
  writeFileSync(outcome, JSON.stringify(result));
} catch (error) {
  console.error(reason(error));
  process.exitCode = 1;
}
