import {
  event,
  normaliseInstant,
  riskEvents,
  type AssessRisk,
  type DataOf,
  type IdentifyRisk,
  type PolicyVersion,
  type RiskMatrixPolicy,
} from '@rapport/contracts';
import { aboutPersons, type DecidedEvent, type Decider, type DecisionContext } from '@rapport/event-sourcing';
import { invalidInput, notFound, ruleViolated, toInstant, toMillis } from '@rapport/platform';
import { assess } from '../matrix/assess.ts';

export interface Risk {
  /** Empty while it is not identified. */
  readonly riskId: string;
  readonly customerId: string;
}

export type RiskCommand =
  | {
      readonly do: 'identify';
      readonly riskId: string;
      readonly input: IdentifyRisk;
      /** The customer, where that is an individual. */
      readonly persons: readonly string[];
    }
  | {
      readonly do: 'assess';
      readonly input: AssessRisk;
      readonly policy: PolicyVersion<RiskMatrixPolicy>;
      /** The risk's customer is known to be a company, who is no person. */
      readonly ofCompany: boolean;
    };

/** One risk of a customer (风险): identified once, assessed again and again. */
export const riskDecider: Decider<Risk, RiskCommand> = {
  initial: { riskId: '', customerId: '' },

  decide(command, risk, context) {
    if (command.do === 'identify') return aboutPersons(command.persons, identify(command, risk, context));
    if (risk.riskId === '') throw notFound('risk');
    return aboutPersons(command.ofCompany ? [] : [risk.customerId], assessed(command, risk));
  },

  evolve(risk, { type, data }) {
    if (type !== riskEvents.RiskIdentified.type) return risk;
    const { riskId, customerId } = data as DataOf<typeof riskEvents.RiskIdentified>;
    return { riskId, customerId };
  },
};

/** with source and evidence. */
function identify(
  { riskId, input }: Extract<RiskCommand, { do: 'identify' }>,
  risk: Risk,
  { now }: DecisionContext,
): readonly DecidedEvent[] {
  if (risk.riskId !== '') throw ruleViolated('R-080', 'This risk is identified already.');
  const identifiedAt =
    input.identifiedAt === undefined ? toInstant(now) : normaliseInstant(input.identifiedAt);
  if (toMillis(identifiedAt) > now) throw invalidInput('identifiedAt', 'must not be in the future');
  const { customerId, kind, source, evidence } = input;
  return [
    {
      ...event(riskEvents.RiskIdentified, { customerId, riskId, kind, source, evidence, identifiedAt }),
      // Without a word of the sender's it is now, which is the ledger's.
      ...(input.identifiedAt !== undefined && { occurredAt: identifiedAt }),
    },
  ];
}

/** every assessment is a fact, also one that comes to the level of the last. */
function assessed(
  { input, policy }: Extract<RiskCommand, { do: 'assess' }>,
  { customerId, riskId }: Risk,
): readonly DecidedEvent[] {
  for (const field of ['likelihood', 'impact'] as const) {
    if (input[field] > policy.value.scale) {
      throw invalidInput(field, `must be a whole number from 1 to ${policy.value.scale}`);
    }
  }
  const { score, level, reassess, needsControl, acceptNeedsManager } = assess(
    input.likelihood,
    input.impact,
    policy.value,
  );
  return [
    {
      ...event(riskEvents.RiskAssessed, {
        customerId,
        riskId,
        likelihood: input.likelihood,
        impact: input.impact,
        score,
        level,
        reassess,
        needsControl,
        acceptanceNeedsManager: acceptNeedsManager,
        factors: [...new Set(input.factors)],
        ...(input.note !== undefined && { note: input.note }),
      }),
      policies: { [policy.name]: policy.version },
    },
  ];
}
