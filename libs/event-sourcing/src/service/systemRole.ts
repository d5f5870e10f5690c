/** Role of what acts by itself: reactions and deadlines. */
export const SYSTEM_ROLE = 'system';
