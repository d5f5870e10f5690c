import Type from 'typebox';
import { CommandAnswer } from './commands.ts';
import { Problem } from './problems.ts';
import { Count, shape } from './shapes.ts';

/** What became of the rows of a file. */
export const ImportReport = shape('ImportReport', {
  imported: Type.Integer({
    minimum: 0,
    description: 'Rows of which something new was recorded; in a dry run: that would go in',
  }),
  repeated: Count(),
  bad: Type.Array(shape('BadRow', { line: Type.Integer({ minimum: 1 }), reason: Type.String() }), {
    description: 'Rows that were left out, and why',
  }),
});

/** What became of each command of an import, in its order. */
export const ImportedCommands = shape('ImportedCommands', {
  items: Type.Array(Type.Union([CommandAnswer, shape('RefusedCommand', { problem: Problem })])),
});
