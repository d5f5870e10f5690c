import {
  AnsweringVersion,
  BuiltVersion,
  CampaignList,
  ContactList,
  Customer,
  CustomerList,
  CustomerView,
  EventList,
  ImprovementList,
  ParkedKeyList,
  ParkedList,
  ProjectionComparison,
  ProjectionList,
  RiskList,
  SatisfactionSummary,
  SurveyAnswerList,
  TicketList,
  TicketRecord,
  TierList,
  TierSummary,
  Timeline,
  Unparked,
} from '../answers/index.ts';
import {
  Consistency,
  ListCustomers,
  ListParked,
  ListRisks,
  ListTickets,
  ListTiers,
  Nothing,
  Page,
  ReadEvents,
  ReadTicket,
  SummariseSatisfaction,
  SwitchVersion,
  UnparkKey,
} from './parameters.ts';
import { defineQuery, type QueryDefinition } from './queryDefinition.ts';

/** Every question that the views answer. Ids from the path come beside the parameters. */
export const QUERIES = {
  /** With as many contacts as fit; customers.contacts has all. */
  'customers.get': defineQuery('getCustomer', 'customers.read', Consistency, Customer),
  'customers.list': defineQuery('listCustomers', 'customers.read', ListCustomers, CustomerList),
  /** Customer 360: the open tickets, risks, surveys and the latest of the timeline included. */
  'customers.view360': defineQuery('getCustomerView', 'customers.read', Consistency, CustomerView),
  /** Latest first. */
  'customers.timeline': defineQuery('listTimeline', 'customers.read', Page, Timeline),
  /** In the order in which they were added. */
  'customers.contacts': defineQuery('listContacts', 'customers.read', Page, ContactList),
  /** Latest first. */
  'customers.surveys': defineQuery('listSurveyAnswers', 'customers.read', Page, SurveyAnswerList),
  'tiers.summary': defineQuery('getTierSummary', 'views.read', Consistency, TierSummary),
  'tiers.list': defineQuery('listTiers', 'views.read', ListTiers, TierList),
  'satisfaction.summary': defineQuery(
    'getSatisfactionSummary',
    'views.read',
    SummariseSatisfaction,
    SatisfactionSummary,
  ),
  /** With a page of its history, earliest first. */
  'tickets.get': defineQuery('getTicket', 'views.read', ReadTicket, TicketRecord),
  /** The queue, tier A first. */
  'tickets.list': defineQuery('listTickets', 'views.read', ListTickets, TicketList),
  'risks.list': defineQuery('listRisks', 'risks.read', ListRisks, RiskList),
  'improvements.list': defineQuery('listImprovements', 'views.read', Page, ImprovementList),
  /** Answered by the ledger, data as stored. */
  'events.list': defineQuery('listEvents', 'events.read', ReadEvents, EventList),
  /** Every projection's checkpoint, lag, parked keys. */
  'projections.status': defineQuery('listProjections', 'projections.manage', Nothing, ProjectionList),
  /** In order of key. */
  'projections.parked': defineQuery('listParkedKeys', 'projections.manage', Page, ParkedKeyList),
  'projections.unpark': defineQuery('unparkKey', 'projections.manage', UnparkKey, Unparked),
  /** Builds the next version beside the live one. */
  'projections.rebuild': defineQuery('rebuildProjection', 'projections.manage', Nothing, BuiltVersion),
  'projections.compare': defineQuery(
    'compareProjection',
    'projections.manage',
    Nothing,
    ProjectionComparison,
  ),
  'projections.switch': defineQuery(
    'switchProjection',
    'projections.manage',
    SwitchVersion,
    AnsweringVersion,
  ),
  /** Keys of reactions and dues that could not go on, the next to be tried first. */
  'parked.list': defineQuery('listParked', 'projections.manage', ListParked, ParkedList),
  /** How far each campaign has come that was ever begun. */
  'campaigns.list': defineQuery('listCampaigns', 'projections.manage', Nothing, CampaignList),
} as const satisfies Readonly<Record<string, QueryDefinition>>;

export type QueryName = keyof typeof QUERIES;
