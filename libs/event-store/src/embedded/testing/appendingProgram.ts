// A process under load: `appendingProgram DIRECTORY WRITERS APPENDS` (0 appends: until it is killed).
// Prints one line of JSON per answered append, written when the answer is there, and `opened` at the start.
import { writeSync } from 'node:fs';
import { newEvents, newStream, write } from '../../conformance/fixtures.ts';
import type { StreamWrite } from '../../eventStore.ts';
import { EmbeddedEventStore } from '../embeddedEventStore.ts';

const [directory = '', writers = '1', appends = '0'] = process.argv.slice(2);
const store = await EmbeddedEventStore.open({ directory });
writeSync(1, '"opened"\n');

const parent = process.ppid;
let left = Number(appends) === 0 ? Number.POSITIVE_INFINITY : Number(appends);
let turn = 0;

/** In turn: one event in a new stream, two more behind it, one in each of two streams. */
function requests(): StreamWrite[][] {
  const [one, other] = [newStream(), newStream(turn % 3 === 0 ? 'reaction' : 'customer')];
  turn += 1;
  return [
    [write(one, -1, ...newEvents(1))],
    [write(one, 0, ...newEvents(2))],
    [write(one, 2, ...newEvents(1)), write(other, -1, ...newEvents(1))],
  ];
}

async function append(): Promise<void> {
  while (left > 0) {
    for (const request of requests()) {
      if (left <= 0) return;
      // Without the test that was to kill it, it would fill the disk.
      if (process.ppid !== parent) process.exit(1);
      left -= 1;
      const result = await store.append(request);
      if (result.status !== 'appended') throw new Error(`not appended: ${JSON.stringify(result)}`);
      const places = result.events.map(({ id, stream, revision, position, index }) => ({
        id,
        stream,
        revision,
        position,
        index,
      }));
      writeSync(1, `${JSON.stringify(places)}\n`);
    }
  }
}

await Promise.all(Array.from({ length: Number(writers) }, append));
await store.close();
