import { expect, it } from '@jest/globals';
import { foldGolden } from '@rapport/event-sourcing/golden';
import { improvementDecider } from './improvement/improvementDecider.ts';
import { surveyDecider } from './survey/surveyDecider.ts';

it('surveys and improvements fold every event of theirs that was ever shipped', () => {
  expect(foldGolden('survey', surveyDecider)).toBeGreaterThan(0);
  expect(foldGolden('improvement', improvementDecider)).toBeGreaterThan(0);
});
