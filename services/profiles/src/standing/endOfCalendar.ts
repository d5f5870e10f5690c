import { startOfDay } from '@rapport/calendar';

/** 00:00 of the last day that a plain date can name: a review due later could not be recorded. */
export const END_OF_CALENDAR = startOfDay('9999-12-31');
