import Type from 'typebox';
import { CUSTOMER_KINDS, SEGMENTS, SOURCE_CHANNELS, TIERS } from '../vocabulary/profiles.ts';
import { GuardedDay, GuardedText } from './guarded.ts';
import { Day, Id, Instant, ListOfShape, Nullable, Revision, shape, Words } from './shapes.ts';
import { Risk } from './risks.ts';
import { SurveyAnswer } from './satisfaction.ts';
import { CustomerFigures, SegmentReasons, TierChange, TierReasons, UndecidedTier } from './tiers.ts';
import { Ticket } from './tickets.ts';
import { TimelineItem } from './timeline.ts';

/** */
export const Contact = shape('Contact', {
  contactId: Id(),
  fullName: GuardedText(),
  salutation: Type.Optional(Words(['先生', '女士'])),
  position: Type.Optional(GuardedText()),
  phone: Type.Optional(GuardedText()),
  email: Type.Optional(GuardedText()),
  wechat: Type.Optional(GuardedText()),
  birthday: Type.Optional(GuardedDay()),
  isDecisionMaker: Type.Boolean(),
  leftOn: Type.Optional(Day()),
});

export const ContactList = ListOfShape('ContactList', Contact);

const MORE_OF =
  'Of each list that is not shown to its end, the `cursor` with which it goes on; null: from its beginning. ';

const moreOf = (where: string, ...lists: readonly string[]) =>
  Type.Optional(
    Type.Object(Object.fromEntries(lists.map((list) => [list, Type.Optional(Nullable(Type.String()))])), {
      description: MORE_OF + where,
    }),
  );

/** */
const profile = {
  id: Id(),
  kind: Words(CUSTOMER_KINDS),
  name: GuardedText(),
  industry: Type.Optional(Type.String({ description: 'GB/T 4754 code', examples: ['I65'] })),
  creditCode: Type.Optional(Type.String()),
  region: Type.Optional(Type.String()),
  firstCooperationOn: Type.Optional(Day()),
  source: Words(SOURCE_CHANNELS),
  externalId: Type.Optional(GuardedText()),
  registeredAt: Instant(),
  contacts: Type.Array(Contact, {
    description: 'As many as fit, 200 at most, 20 in a list; in the order in which they were added',
  }),
  revision: Revision(),
};

const ALL_CONTACTS = '`contacts`: at `/contacts` of this customer';

/** A customer as lists show it. */
export const CustomerItem = shape('CustomerItem', {
  ...profile,
  tier: Words(TIERS),
  segment: Nullable(Words(SEGMENTS)),
  more: moreOf(ALL_CONTACTS, 'contacts'),
});

export const CustomerList = ListOfShape('CustomerList', CustomerItem);

/** The tier of a customer and why it has it. */
export const CustomerTier = shape('CustomerTier', {
  value: Words(TIERS),
  since: Nullable(Instant()),
  reasons: Type.Array(Type.Union([TierReasons, UndecidedTier])),
  nextReviewAt: Nullable(Instant()),
  history: Type.Array(TierChange, { description: 'The latest first, 20 at most' }),
});

const decided = {
  ...profile,
  tier: CustomerTier,
  segment: Nullable(Words(SEGMENTS)),
  segmentReasons: Nullable(SegmentReasons),
  figures: Nullable(CustomerFigures),
};

export const Customer = shape('Customer', { ...decided, more: moreOf(ALL_CONTACTS, 'contacts') });

/** Customer 360: the beginnings of all that there is of a customer. */
export const CustomerView = shape('CustomerView', {
  ...decided,
  openTickets: Type.Array(Ticket, { description: '20 at most' }),
  risks: Type.Optional(
    Type.Array(Risk, { description: '20 at most. Absent where you may not read the risk register' }),
  ),
  surveys: Type.Array(SurveyAnswer, { description: '20 at most' }),
  timeline: Type.Array(TimelineItem, { description: '20 at most' }),
  more: moreOf(
    '`contacts`, `surveys` and `timeline` at the addresses of these names below this customer, `openTickets` at ' +
      '`/api/tickets?customerId=`, `risks` at `/api/risks?customerId=`',
    'contacts',
    'openTickets',
    'risks',
    'surveys',
    'timeline',
  ),
});
