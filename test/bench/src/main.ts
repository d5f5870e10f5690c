import { measureCommands } from './commands/measureCommands.ts';
import { measurePeers } from './commands/measurePeers.ts';
import { measureDeadlines } from './deadlines/measureDeadlines.ts';
import { measureDistributed } from './distributed/measureDistributed.ts';
import { measureHistory } from './history/measureHistory.ts';
import { measureLatency } from './latency/measureLatency.ts';
import { measureMongodb } from './mongodb/measureMongodb.ts';
import { reason } from './notAvailable.ts';
import { readOptions, type BenchOptions, type Section } from './options.ts';
import { RESULTS } from './places.ts';
import { measureRebuild } from './rebuild/measureRebuild.ts';
import { measureRelay } from './relay/measureRelay.ts';
import { machine } from './report/machine.ts';
import { publish, targetsTable } from './report/results.ts';
import type { SectionFindings } from './report/section.ts';
import { measureStart } from './start/measureStart.ts';
import { measureSummaries } from './summaries/measureSummaries.ts';

const MEASURE: Record<Section, (options: BenchOptions) => Promise<SectionFindings>> = {
  commands: measureCommands,
  peers: measurePeers,
  latency: measureLatency,
  rebuild: measureRebuild,
  summaries: measureSummaries,
  history: measureHistory,
  start: measureStart,
  deadlines: measureDeadlines,
  mongodb: measureMongodb,
  relay: measureRelay,
  distributed: measureDistributed,
};

let options: BenchOptions;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  console.error(reason(error));
  process.exit(2);
}
// The default would end the bench without its exit handlers, which end the servers that it started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

console.log(machine());
for (const section of options.sections) {
  console.log(`${section} …`);
  const findings = await MEASURE[section](options);
  await publish(findings);
  console.log(`${targetsTable(findings.targets)}\n`);
}
console.log(`written to ${RESULTS}`);
process.exit(0);
