import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { QueryAnswer, QueryMessage } from '@rapport/contracts';
import { RequestContext, ServesQuery } from '@rapport/messaging';
import { notFound, Problem } from '@rapport/platform';
import type { ImportRow } from './importRow.ts';
import { runImport } from './importRun.ts';
import { IMPORT_RUNTIME, type ImportRuntime } from './importRuntime.ts';
import { IMPORT_KINDS } from './kinds/index.ts';
import { ServicesTarget } from './servicesTarget.ts';

export interface ImportRows {
  readonly kind: string;
  readonly rows: readonly ImportRow[];
  readonly dryRun: boolean;
}

/** Takes over rows of files, with the rights of whoever sends them. */
@Controller()
export class ImportController {
  constructor(@Inject(IMPORT_RUNTIME) private readonly runtime: ImportRuntime) {}

  @ServesQuery('imports.run')
  async run(
    @Payload() { parameters, actor }: QueryMessage<ImportRows>,
    @Ctx() { wanted }: RequestContext,
  ): Promise<QueryAnswer> {
    const kind = IMPORT_KINDS.get(parameters.kind);
    if (kind === undefined) throw notFound('kind of import', 'kind');
    if (!wellFormed(parameters.rows)) {
      throw new Problem({
        kind: 'invalid-input',
        detail: 'The rows are not acceptable.',
        errors: [{ field: 'rows', message: 'must be a list of {line, occurrence, values: {column: text}}' }],
      });
    }
    if (!(await this.runtime.settle(actor))) throw viewsBehind();
    const target = new ServicesTarget(this.runtime, actor);
    return { body: await runImport(kind, parameters.rows, target, parameters.dryRun, wanted), stale: false };
  }
}

function viewsBehind(): Problem {
  return new Problem({
    kind: 'unavailable',
    detail: 'The views are behind the log, so that companies cannot be found by name: import again later.',
    retryAfter: 30,
  });
}

function wellFormed(rows: unknown): boolean {
  return (
    Array.isArray(rows) &&
    rows.length <= 1_000 &&
    rows.every(
      (row: Partial<ImportRow> | null) =>
        typeof row === 'object' &&
        row !== null &&
        Number.isSafeInteger(row.line) &&
        Number.isSafeInteger(row.occurrence) &&
        typeof row.values === 'object' &&
        row.values !== null &&
        Object.values(row.values).every((value) => typeof value === 'string'),
    )
  );
}
