/** What the bench tells the server. */
export type ServerOrder = { readonly id: number } & (
  { readonly do: 'settle' | 'release' | 'fired' | 'stop' } | { readonly do: 'sweep'; readonly times: number }
);

/** The first one, with id 0, says that it serves. */
export interface ServerAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}
