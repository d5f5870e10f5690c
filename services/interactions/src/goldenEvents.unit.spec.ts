import { expect, it } from '@jest/globals';
import { foldGolden } from '@rapport/event-sourcing/golden';
import { interactionDecider } from './interaction/interactionDecider.ts';

it('interactions fold every event of theirs that was ever shipped', () => {
  expect(foldGolden('interaction', interactionDecider)).toBeGreaterThan(0);
});
