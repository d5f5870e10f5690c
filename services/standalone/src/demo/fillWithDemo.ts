import { systemClock } from '@rapport/platform';
import { demoActor } from '@rapport/service-gateway';
import { ProgressLine } from '../cli/progressLine.ts';
import type { Standalone } from '../composition/standalone.ts';
import { importFile } from '../import/importFile.ts';
import { sampleFiles } from '../import/sampleFiles.ts';
import { takeRowsHere } from '../import/takeRowsHere.ts';
import { liveDemo } from './liveDemo.ts';

/** Brings in the samples and the demo, telling on `out`; what is there already changes nothing. */
export async function fillWithDemo(
  standalone: Standalone,
  signal: AbortSignal,
  out: NodeJS.WriteStream,
): Promise<void> {
  const demo = new ProgressLine('演示 demo: two years', out);
  standalone.allowDemo(true);
  try {
    const became = await liveDemo({
      ...standalone,
      now: systemClock.now(),
      progress: (day, days) => demo.show(day, days),
      signal,
    });
    if (became === 'own-history') {
      out.write(
        'This data folder has a history of its own: no samples, no demo (say --empty to silence this).\n',
      );
      return;
    }
  } finally {
    standalone.allowDemo(false);
  }
  const take = takeRowsHere(standalone, demoActor('administrator'));
  for (const { kind, path } of sampleFiles()) {
    const { imported, repeated, bad } = await importFile(
      { kind, path, dryRun: false, progress: () => undefined },
      take,
    );
    const notes = [
      `${imported} imported`,
      `${repeated} there before`,
      ...(bad.length > 0 ? [`${bad.length} bad`] : []),
    ];
    out.write(`样例 samples: ${kind}: ${notes.join(', ')}\n`);
  }
  await standalone.settle();
}
