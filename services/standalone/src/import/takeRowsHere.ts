import type { Actor, QueryAnswer } from '@rapport/contracts';
import { querySubject, type RequestClient } from '@rapport/messaging';
import type { ImportReport } from '@rapport/service-imports';
import type { TakeRows } from './importFile.ts';

/** Hands rows to the services of this process. */
export function takeRowsHere(to: { readonly transport: RequestClient }, actor: Actor): TakeRows {
  return async (kind, rows, dryRun) => {
    const answer = await to.transport.request<QueryAnswer<ImportReport>>(
      querySubject('imports.run'),
      { parameters: { kind, rows, dryRun }, actor },
      { timeoutMs: 120_000 },
    );
    return answer.body;
  };
}
