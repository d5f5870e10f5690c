/** SIGUSR1 opens the inspector on any free port instead of the same one for all; until then it costs nothing. */
export const INSPECTABLE = { NODE_OPTIONS: '--inspect-port=0' } as const;
