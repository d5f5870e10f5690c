import type { PolicyName } from '../policies/policyRegistry.ts';
import type { CommandName } from './commands.ts';

/** The command that changes a policy: of the context that decides by it. */
export const POLICY_COMMANDS = {
  tiering: 'changeProfilesPolicy',
  rfm: 'changeProfilesPolicy',
  recording: 'changeInteractionsPolicy',
  'risk-matrix': 'changeRiskPolicy',
  satisfaction: 'changeSatisfactionPolicy',
} as const satisfies Readonly<Record<PolicyName, CommandName>>;

export type PolicyCommandName = (typeof POLICY_COMMANDS)[PolicyName];
