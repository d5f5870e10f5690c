import {
  event,
  satisfactionEvents,
  type DomainEvent,
  type PlanImprovement,
  type ReceiveFeedback,
} from '@rapport/contracts';
import {
  aboutPersons,
  occurredOn,
  type DecidedEvent,
  type Decider,
  type DecisionContext,
} from '@rapport/event-sourcing';
import { ruleViolated } from '@rapport/platform';

export interface Improvement {
  readonly planned: boolean;
}

export type ImprovementCommand =
  | {
      readonly do: 'receive-feedback';
      readonly improvementId: string;
      readonly input: ReceiveFeedback;
      /** The customer, where that is an individual. */
      readonly persons: readonly string[];
    }
  | { readonly do: 'plan'; readonly improvementId: string; readonly input: PlanImprovement };

type PlanField = 'owner' | 'dueOn' | 'resources' | 'expectedEffect';

/** What the form of 004 asks of a plan besides its measure. */
const PLAN_FORM: readonly PlanField[] = ['owner', 'dueOn', 'resources', 'expectedEffect'];

/** What the form of 003 asks, on which feedback and its improvement stand in one row: no resources, no effect. */
const FEEDBACK_FORM: readonly PlanField[] = ['owner', 'dueOn'];

/** One improvement (改进): what gave cause for it, its plan, what was observed. */
export const improvementDecider: Decider<Improvement, ImprovementCommand> = {
  initial: { planned: false },

  decide(command, { planned }, context) {
    if (planned) throw ruleViolated('R-096', 'This improvement is planned already.');
    return command.do === 'plan'
      ? [plan(command.improvementId, command.input, PLAN_FORM)]
      : aboutPersons(command.persons, receiveFeedback(command, context));
  },

  evolve: () => ({ planned: true }),
};

/** 003: the customer's words, the measure that answers them, and where it is known what came of it; one record. */
function receiveFeedback(
  { improvementId, input }: Extract<ImprovementCommand, { do: 'receive-feedback' }>,
  { now }: DecisionContext,
): readonly DecidedEvent[] {
  const { customerId, receivedOn, problem, serviceLink, effect, ...planned } = input;
  return [
    {
      ...event(satisfactionEvents.FeedbackReceived, {
        customerId,
        improvementId,
        receivedOn,
        problem,
        serviceLink,
      }),
      ...occurredOn('receivedOn', receivedOn, now),
    },
    // When the plan was made and its effect seen is not said: when they are recorded.
    plan(improvementId, planned, FEEDBACK_FORM, { customerId }),
    ...(effect === undefined
      ? []
      : [event(satisfactionEvents.ImprovementChecked, { customerId, improvementId, effect })]),
  ];
}

/** an incomplete plan is a draft that says what is missing. */
function plan(
  improvementId: string,
  input: PlanImprovement,
  form: readonly PlanField[],
  answers: { readonly customerId?: string } = {},
): DomainEvent {
  const missing = form.filter((field) => input[field] === undefined);
  return event(satisfactionEvents.ImprovementPlanned, {
    ...answers,
    improvementId,
    state: missing.length === 0 ? 'planned' : 'draft',
    measure: input.measure,
    ...(input.owner !== undefined && { owner: input.owner }),
    ...(input.dueOn !== undefined && { dueOn: input.dueOn }),
    ...(input.resources !== undefined && { resources: input.resources }),
    ...(input.expectedEffect !== undefined && { expectedEffect: input.expectedEffect }),
    missing,
  });
}
