import { defineCommand } from './commandDefinition.ts';
import { RecordInteraction } from './interactions.ts';
import { ChangePolicy, RetryParkedKey } from './ledger.ts';
import {
  AddContact,
  EndStrategicDesignation,
  ErasePerson,
  RecordContactLeft,
  RecordPurchase,
  RegisterCustomer,
  RequestStrategicDesignation,
  ApproveStrategicDesignation,
  ReviewStanding,
  VoidPurchase,
} from './profiles.ts';
import { AssessRisk, IdentifyRisk } from './risk.ts';
import { AnswerSurvey, PlanImprovement, ReceiveFeedback } from './satisfaction.ts';
import {
  AcknowledgeTicket,
  CloseTicket,
  OpenTicket,
  RecordReturnVisit,
  RecordService,
  ReopenTicket,
  ResolveTicket,
  RespondToTicket,
} from './tickets.ts';

/** Every command of the public language. */
export const COMMANDS = {
  registerCustomer: defineCommand('profiles', RegisterCustomer, 'customers.register'),
  addContact: defineCommand('profiles', AddContact, 'contacts.write', ['customerId']),
  recordContactLeft: defineCommand('profiles', RecordContactLeft, 'contacts.write', [
    'customerId',
    'contactId',
  ]),
  recordPurchase: defineCommand('profiles', RecordPurchase, 'purchases.record', ['customerId']),
  voidPurchase: defineCommand('profiles', VoidPurchase, 'purchases.void', ['customerId', 'purchaseId']),
  requestStrategicDesignation: defineCommand('profiles', RequestStrategicDesignation, 'strategic.request', [
    'customerId',
  ]),
  approveStrategicDesignation: defineCommand('profiles', ApproveStrategicDesignation, 'strategic.approve', [
    'customerId',
    'designationId',
  ]),
  endStrategicDesignation: defineCommand('profiles', EndStrategicDesignation, 'strategic.approve', [
    'customerId',
    'designationId',
  ]),
  erasePerson: defineCommand('profiles', ErasePerson, 'persons.erase', ['customerId', 'personId']),
  /** Fired by a recorded deadline, never by a user. */
  reviewStanding: defineCommand('profiles', ReviewStanding, 'deadlines.fire'),
  recordInteraction: defineCommand('interactions', RecordInteraction, 'interactions.record', ['customerId']),
  openTicket: defineCommand('tickets', OpenTicket, 'tickets.open'),
  acknowledgeTicket: defineCommand('tickets', AcknowledgeTicket, 'tickets.handle', ['ticketId']),
  respondToTicket: defineCommand('tickets', RespondToTicket, 'tickets.handle', ['ticketId']),
  resolveTicket: defineCommand('tickets', ResolveTicket, 'tickets.handle', ['ticketId']),
  recordReturnVisit: defineCommand('tickets', RecordReturnVisit, 'tickets.handle', ['ticketId']),
  closeTicket: defineCommand('tickets', CloseTicket, 'tickets.close', ['ticketId']),
  reopenTicket: defineCommand('tickets', ReopenTicket, 'tickets.handle', ['ticketId']),
  recordService: defineCommand('tickets', RecordService, 'tickets.handle'),
  answerSurvey: defineCommand('satisfaction', AnswerSurvey, 'surveys.answer'),
  receiveFeedback: defineCommand('satisfaction', ReceiveFeedback, 'improvements.write'),
  planImprovement: defineCommand('satisfaction', PlanImprovement, 'improvements.write'),
  identifyRisk: defineCommand('risk', IdentifyRisk, 'risks.identify'),
  assessRisk: defineCommand('risk', AssessRisk, 'risks.assess', ['riskId']),
  /** Tiering, RFM and what profiles decides by; `policy` is the policy's name. */
  changeProfilesPolicy: defineCommand('profiles', ChangePolicy, 'policies.change', ['policy']),
  changeInteractionsPolicy: defineCommand('interactions', ChangePolicy, 'policies.change', ['policy']),
  changeRiskPolicy: defineCommand('risk', ChangePolicy, 'policies.change', ['policy']),
  changeSatisfactionPolicy: defineCommand('satisfaction', ChangePolicy, 'policies.change', ['policy']),
  /** Of any service: recorded, and taken up by whichever parked the key. */
  retryParkedKey: defineCommand('profiles', RetryParkedKey, 'projections.manage', ['parkedId']),
} as const;

export type CommandName = keyof typeof COMMANDS;
