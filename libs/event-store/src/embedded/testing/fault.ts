/** What happens at the writer's next COMMIT. */
export const Fault = {
  none: 0,
  /** It fails and nothing is stored. */
  beforeCommit: 1,
  /** It fails although everything is stored. */
  afterCommit: 2,
  /** The thread ends. */
  threadEnds: 3,
} as const;
