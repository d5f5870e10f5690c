/** What the bench tells the server. */
export type ServerOrder = { readonly id: number } & (
  | { readonly do: 'settle' | 'fired' | 'stop' }
  | { readonly do: 'sweep'; readonly times: number }
  /** The clock goes there, and what is due by then is swept. */
  | { readonly do: 'pass'; readonly to: number }
);

/** The first one, with id 0, says that it serves. */
export interface ServerAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

export interface FiredSoFar {
  readonly fired: number;
  readonly alerts: readonly string[];
  /** What the process has used of its cores, in milliseconds. */
  readonly cpuMs: number;
}
