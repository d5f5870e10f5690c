/** When every golden event happened. */
export const EVENT_TIME = '2026-03-10T02:00:00.000Z';
