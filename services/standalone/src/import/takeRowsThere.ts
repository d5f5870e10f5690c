import { Problem, type FieldError } from '@rapport/platform';
import type { ImportReport } from '@rapport/service-imports';
import type { TakeRows } from './importFile.ts';

/** Hands rows to a running Rapport over HTTP. */
export function takeRowsThere(url: string, token: string): TakeRows {
  return async (kind, rows, dryRun) => {
    const response = await fetch(`${url}/api/imports/${kind}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ dryRun, rows }),
    });
    if (response.ok) return (await response.json()) as ImportReport;
    const { detail, errors } = (await response.json()) as { detail?: string; errors?: FieldError[] };
    const named = errors?.map(({ field, message }) => `${field} ${message}`).join('; ');
    throw new Problem({
      kind: 'unavailable',
      detail: `${url} answered ${response.status}: ${named ?? detail ?? 'no reason given'}`,
    });
  };
}

/** A token of the demo sign-in, which only a Rapport on this machine gives. */
export async function demoToken(url: string): Promise<string> {
  const response = await fetch(`${url}/demo/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role: 'administrator' }),
  });
  if (!response.ok) {
    throw new Problem({
      kind: 'forbidden',
      detail: `${url} has no demo sign-in: set RAPPORT_TOKEN to a bearer token`,
    });
  }
  return ((await response.json()) as { token: string }).token;
}
