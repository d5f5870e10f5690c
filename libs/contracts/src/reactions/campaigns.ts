/** What is done once for everything of a kind, by name: shown to operators while it is under way. */
export const CAMPAIGNS = {
  /** every customer that ever bought is reviewed once with a new version of a tiering or RFM policy. */
  standingPolicies: 'standing-policies',
} as const;
