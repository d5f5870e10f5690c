import { expect, it } from '@jest/globals';
import { foldGolden } from '@rapport/event-sourcing/golden';
import { serviceRecordDecider } from './serviceRecord/serviceRecordDecider.ts';
import { ticketDecider } from './ticket/ticketDecider.ts';

it('tickets and service records fold every event of theirs that was ever shipped', () => {
  expect(foldGolden('ticket', ticketDecider)).toBeGreaterThan(0);
  expect(foldGolden('serviceRecord', serviceRecordDecider)).toBeGreaterThan(0);
});
