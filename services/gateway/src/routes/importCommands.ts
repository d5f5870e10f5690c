import { AnyObject, ListOf, Moment, OneOf, Uuid, type CommandName } from '@rapport/contracts';

/** What may be taken over: what happened elsewhere. Decisions (approvals, erasure, policies) are made here. */
export const IMPORTABLE = [
  'registerCustomer',
  'addContact',
  'recordContactLeft',
  'recordPurchase',
  'recordInteraction',
  'recordService',
  'answerSurvey',
  'receiveFeedback',
  'planImprovement',
  'identifyRisk',
] as const satisfies readonly CommandName[];

export class ImportCommand {
  @OneOf(IMPORTABLE)
  command!: (typeof IMPORTABLE)[number];

  @Uuid({ description: 'Derived from the row, so that a repeated import changes nothing' })
  commandId!: string;

  @AnyObject({ description: 'Body and ids of the path together' })
  payload!: Record<string, unknown>;

  @Moment({ optional: true, description: 'When it happened; default now' })
  occurredAt?: string;
}

export class ImportCommands {
  @ListOf(() => ImportCommand, { max: 200 })
  commands!: ImportCommand[];
}
