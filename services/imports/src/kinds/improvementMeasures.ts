import { dateIn, required } from '../fields.ts';
import type { ImportKind } from '../importKind.ts';
import { ownerOf } from './feedbackImprovements.ts';
import { content } from './serviceRecords.ts';

/** Improvement measures of 003; incomplete ones become drafts. */
export const improvementMeasures: ImportKind = {
  name: 'improvement-measures',
  columns: [
    { name: 'measure', headers: ['改进措施', 'measure'], required: true },
    { name: 'owner', headers: ['责任人', 'owner'] },
    { name: 'dueOn', headers: ['完成时限', 'due'] },
    { name: 'resources', headers: ['资源支持', 'resources'] },
    { name: 'expectedEffect', headers: ['预期效果', 'expected effect'] },
  ],

  async commands(row, context) {
    const optional = (['resources', 'expectedEffect'] as const)
      .filter((name) => row[name] !== undefined)
      .map((name) => [name, row[name]]);
    return [
      {
        command: 'planImprovement',
        commandId: context.commandId('improvement-measures', ...content(row), context.occurrence),
        payload: {
          measure: required(row, 'measure', '改进措施'),
          ...(row['owner'] !== undefined && { owner: ownerOf(row['owner'], context.staff) }),
          ...(row['dueOn'] !== undefined && { dueOn: dateIn(row['dueOn'], '完成时限') }),
          ...Object.fromEntries(optional),
        },
      },
    ];
  },
};
