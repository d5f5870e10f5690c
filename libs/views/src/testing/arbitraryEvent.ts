import fc from 'fast-check';
import type { TestEvent } from './arrayLog.ts';

const customer = fc.constantFrom('c1', 'c2', 'c3', 'c4');
/** What may happen to four customers; a purchase of -1 cannot be folded. */
export const event: fc.Arbitrary<TestEvent> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('Purchased'), customer, n: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('Purchased'), customer, n: fc.constant(-1) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('Registered', 'Viewed', 'Noise'), customer }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('Erased'), customer }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('Referred'), customer, n: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('Signed'), customer, uncounted: fc.constant(true) }),
  },
);
