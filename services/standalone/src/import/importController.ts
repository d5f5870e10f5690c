import { Controller, Inject, Module, type DynamicModule } from '@nestjs/common';
import type { QueryAnswer, QueryMessage } from '@rapport/contracts';
import { ServesQuery } from '@rapport/messaging';
import { notFound, Problem } from '@rapport/platform';
import type { CommandSender } from '../commandSender.ts';
import type { ServiceRuntime } from '@rapport/event-sourcing';
import { InProcessTarget } from './inProcessTarget.ts';
import { runImport, type NumberedRow } from './importRun.ts';
import { IMPORT_KINDS } from './kinds/index.ts';

export interface ImportRuntime {
  readonly runtime: ServiceRuntime;
  readonly sender: CommandSender;
  /** Resolves when the views show everything that is recorded: companies are found by name there. */
  readonly settle: () => Promise<void>;
}

const IMPORT_RUNTIME = Symbol('IMPORT_RUNTIME');

export interface ImportRows {
  readonly kind: string;
  readonly rows: readonly NumberedRow[];
  readonly dryRun: boolean;
}

/** Takes over rows of files, with the rights of whoever sends them. */
@Controller()
export class ImportController {
  constructor(@Inject(IMPORT_RUNTIME) private readonly imports: ImportRuntime) {}

  @ServesQuery('imports.run')
  async run({ parameters, actor }: QueryMessage<ImportRows>): Promise<QueryAnswer> {
    const kind = IMPORT_KINDS.get(parameters.kind);
    if (kind === undefined) throw notFound('kind of import', 'kind');
    if (!wellFormed(parameters.rows)) {
      throw new Problem({
        kind: 'invalid-input',
        detail: 'The rows are not acceptable.',
        errors: [{ field: 'rows', message: 'must be a list of {line, occurrence, values: {column: text}}' }],
      });
    }
    await this.imports.settle();
    const target = new InProcessTarget(this.imports, actor);
    return { body: await runImport(kind, parameters.rows, target, parameters.dryRun), stale: false };
  }
}

function wellFormed(rows: unknown): boolean {
  return (
    Array.isArray(rows) &&
    rows.length <= 1_000 &&
    rows.every(
      (row: Partial<NumberedRow> | null) =>
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

@Module({})
export class ImportModule {
  static with(runtime: ImportRuntime): DynamicModule {
    return {
      module: ImportModule,
      controllers: [ImportController],
      providers: [{ provide: IMPORT_RUNTIME, useValue: runtime }],
    };
  }
}
