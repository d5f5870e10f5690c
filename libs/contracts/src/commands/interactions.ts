import { CalendarDate, Moment, OneOf, StaffId, Text, WholeNumber } from '../fields/fields.ts';
import { ListOfIds } from '../fields/lists.ts';
import { ListOf } from '../fields/objects.ts';
import {
  INTERACTION_CHANNELS,
  INTERACTION_PURPOSES,
  PRIORITIES,
  STATED_PLACES,
  type InteractionChannel,
  type InteractionPurpose,
} from '../vocabulary/interactions.ts';

/** a next step is a to-do with owner, due date and priority. */
export class NextStep {
  @Text({ max: 1_000, multiline: true })
  text!: string;

  @StaffId({ description: 'Opaque id of who does it' })
  owner!: string;

  @CalendarDate()
  dueOn!: string;

  @OneOf(PRIORITIES)
  priority!: (typeof PRIORITIES)[number];
}

/** */
export class RecordInteraction {
  @OneOf(INTERACTION_CHANNELS)
  channel!: InteractionChannel;

  @OneOf(['outbound', 'inbound'], { optional: true, description: 'Default outbound' })
  direction?: 'outbound' | 'inbound';

  @OneOf(INTERACTION_PURPOSES)
  purpose!: InteractionPurpose;

  @OneOf(STATED_PLACES, {
    optional: true,
    description: 'Where you met (R-034); default: as the channel tells',
  })
  place?: (typeof STATED_PLACES)[number];

  @Moment()
  startedAt!: string;

  @Moment()
  endedAt!: string;

  @ListOfIds({ max: 100, optional: true, description: 'Contacts who took part' })
  participants?: string[];

  @StaffId({ optional: true, description: 'Opaque id of who made it, where that is not you' })
  madeBy?: string;

  @Text({ max: 100, optional: true })
  madeByName?: string;

  @Text({ max: 10_000, multiline: true })
  content!: string;

  @Text({ max: 10_000, multiline: true, optional: true })
  feedback?: string;

  @ListOf(() => NextStep, { max: 50, optional: true })
  nextSteps?: NextStep[];

  @WholeNumber({ min: 1, max: 5, optional: true, description: 'Score given in a return visit (R-043)' })
  satisfaction?: number;
}
