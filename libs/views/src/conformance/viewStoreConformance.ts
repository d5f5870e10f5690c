import { afterAll, beforeAll, describe } from '@rapport/platform/conformance';
import { controlTests } from './controlTests.ts';
import { countTests } from './countTests.ts';
import { documentTests } from './documentTests.ts';
import { TestBench } from './harness.ts';
import type { MakeHarness } from './harness.ts';
import { lifeTests } from './lifeTests.ts';
import { modelTests } from './modelTests.ts';
import { queryTests } from './queryTests.ts';
import { versionTests } from './versionTests.ts';

/** What an engine under an adapter cannot do, and why: those cases count as skipped. */
export interface EngineLimits {
  readonly nestedArrays?: string;
}

/** What every adapter of the views' port must do. Call it from a spec of the adapter. */
export function viewStoreConformance(
  name: string,
  makeHarness: MakeHarness,
  limits: EngineLimits = {},
): void {
  describe(`${name} is a view store`, () => {
    const bench = new TestBench(makeHarness);
    beforeAll(() => bench.start());
    afterAll(() => bench.stop());

    documentTests(bench, limits.nestedArrays);
    queryTests(bench);
    modelTests(bench);
    versionTests(bench);
    controlTests(bench);
    countTests(bench);
    lifeTests(bench);
  });
}
