/** Whether this process can accept work, part by part. Lag of a view is none of its business (design.md). */
export interface Readiness {
  readonly ready: boolean;
  readonly parts?: Readonly<Record<string, 'up' | 'down'>>;
}

type Parts = Readonly<Record<string, boolean>>;

/**
 * Ready when everything that is needed is up.
 *
 * @param needed without one of them it can serve nothing
 * @param used told as well, but what does not use it goes on without it
 */
export function readyWhen(needed: Parts, used: Parts = {}): Readiness {
  const parts = Object.entries({ ...needed, ...used });
  return {
    ready: Object.values(needed).every(Boolean),
    parts: Object.fromEntries(parts.map(([name, up]) => [name, up ? 'up' : 'down'])),
  };
}
