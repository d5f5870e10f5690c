import { expect, it } from '@jest/globals';
import { foldGolden } from '@rapport/event-sourcing/golden';
import { riskDecider } from './risk/riskDecider.ts';

it('risks fold every event of theirs that was ever shipped', () => {
  expect(foldGolden('risk', riskDecider)).toBeGreaterThan(0);
});
