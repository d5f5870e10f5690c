/** Whether this process can accept work, part by part. Lag of a view is none of its business (design.md). */
export interface Readiness {
  readonly ready: boolean;
  readonly parts?: Readonly<Record<string, 'up' | 'down'>>;
}

/** Ready when all of its parts are. */
export function readyWhen(parts: Readonly<Record<string, boolean>>): Readiness {
  return {
    ready: Object.values(parts).every(Boolean),
    parts: Object.fromEntries(Object.entries(parts).map(([name, up]) => [name, up ? 'up' : 'down'])),
  };
}
