import { Problem, toMillis, type Clock, type EpochMillis } from '@rapport/platform';
import type { ProposedWrite, RecordResult } from '../ledger/ledger.ts';

/** What the ledger takes of what lies ahead of its clock (contract.md, «The event»). */
const TAKEN_AHEAD_MS = 5 * 60 * 1000;

/**
 * The ledger's clock, where it refuses these writes only because that is behind the decider's; undefined where it refuses
 * them for another reason, or they lie ahead of both.
 */
export function clockBehind(
  { clock }: Extract<RecordResult, { outcome: 'rejected' }>,
  writes: readonly ProposedWrite[],
  decider: { readonly clock: Clock },
): EpochMillis | undefined {
  if (clock === undefined) return undefined;
  const latest = Math.max(
    ...writes.flatMap(({ events }) =>
      events.map(({ occurredAt }) => (occurredAt === undefined ? -Infinity : toMillis(occurredAt))),
    ),
  );
  return latest <= decider.clock.now() + TAKEN_AHEAD_MS ? toMillis(clock) : undefined;
}

/** The answer where nothing but the ledger's clock stands against a command: it goes away by itself. */
export function ledgerIsBehind(clock: EpochMillis, decider: { readonly clock: Clock }): Problem {
  const seconds = Math.ceil((decider.clock.now() - clock) / 1_000);
  return new Problem({
    kind: 'unavailable',
    detail: `The clocks of service and ledger differ by ${seconds} s. Nothing was recorded; repeat the request later.`,
    retryAfter: Math.max(1, seconds),
  });
}
