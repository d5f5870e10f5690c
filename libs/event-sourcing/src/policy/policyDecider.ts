import {
  event,
  ledgerEvents,
  normaliseInstant,
  POLICIES,
  type ChangePolicy,
  type PolicyDefinition,
  type PolicyName,
} from '@rapport/contracts';
import { invalidInput, notFound, Problem, toInstant, toMillis } from '@rapport/platform';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { eventAjv } from '../commandHandling/plainEventGate.ts';
import type { Decider } from '../decider/decider.ts';

/** Policies take effect at least this long after they are recorded (contract.md, «Time and effects»). */
export const POLICY_NOTICE_MS = 60_000;

export interface PolicyState {
  /** Of the last version; 1 is the default. */
  readonly version: number;
}

export type ChangePolicyCommand = ChangePolicy & { readonly policy: string };

const ajv = eventAjv();
const validators = new Map<string, ValidateFunction>(
  (Object.values(POLICIES) as PolicyDefinition[]).map((policy) => [policy.name, ajv.compile(policy.schema)]),
);

/** Versions of one policy. A version is a whole value: nothing is inherited from the one before. */
export const policyDecider: Decider<PolicyState, ChangePolicyCommand> = {
  initial: { version: 1 },

  decide({ policy, value, effectiveFrom, reason }, state, { now }) {
    if (!Object.hasOwn(POLICIES, policy)) throw notFound('policy', 'policy');
    const definition: PolicyDefinition = POLICIES[policy as PolicyName];
    const validate = validators.get(policy)!;
    if (!validate(value)) {
      const { instancePath, message } = validate.errors![0]!;
      throw invalidInput(`value${instancePath.replaceAll('/', '.')}`, message ?? 'does not fit the policy');
    }
    const faults = definition.faults(value);
    if (faults.length > 0) {
      throw new Problem({
        kind: 'invalid-input',
        detail: `The value does not make a sound ${policy} policy.`,
        errors: faults.map(({ field, message }) => ({ field: `value.${field}`, message })),
      });
    }
    const from = normaliseInstant(effectiveFrom);
    if (toMillis(from) < now + POLICY_NOTICE_MS) {
      throw invalidInput('effectiveFrom', `must be ${toInstant(now + POLICY_NOTICE_MS)} or later`);
    }
    return [
      event(ledgerEvents.PolicyChanged, {
        policy,
        version: state.version + 1,
        effectiveFrom: from,
        value,
        ...(reason !== undefined && { reason }),
      }),
    ];
  },

  evolve: (_state, recorded) => ({ version: (recorded.data as { version: number }).version }),
};
