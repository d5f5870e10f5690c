import type { Projection } from '@rapport/views';
import { contactsProjection } from './contacts/contactsProjection.ts';
import { customersProjection } from './customers/customersProjection.ts';
import { deadlinesProjection } from './deadlines/deadlinesProjection.ts';
import { improvementsProjection } from './improvements/improvementsProjection.ts';
import { parkedProjection } from './parked/parkedProjection.ts';
import { risksProjection } from './risks/risksProjection.ts';
import { answersProjection } from './satisfaction/answersProjection.ts';
import { ticketsProjection } from './tickets/ticketsProjection.ts';
import { tiersProjection } from './tiers/tiersProjection.ts';
import { timelineProjection } from './timeline/timelineProjection.ts';

/** Every view that is made from the log. */
export const PROJECTIONS = [
  customersProjection,
  contactsProjection,
  tiersProjection,
  ticketsProjection,
  answersProjection,
  risksProjection,
  improvementsProjection,
  deadlinesProjection,
  parkedProjection,
  timelineProjection,
] as unknown as readonly Projection[];
