import { describe, expect, it } from '@jest/globals';
import { validateCommand } from '../validation/validateCommand.ts';
import { COMMANDS } from '../commands/commands.ts';
import { RiskIdentified } from './risk.ts';
import { CustomerRegistered } from './profiles.ts';

const pathsOf = ({
  sealedFields,
}: {
  readonly sealedFields: readonly { readonly path: readonly string[] }[];
}) => sealedFields.map(({ path }) => path.join('.'));

describe('R-100 what may name a person', () => {
  it('is sealed: the external id of an individual as the name is, and where a risk was seen', () => {
    expect(pathsOf(CustomerRegistered)).toEqual(['name', 'externalId']);
    const [name, externalId] = CustomerRegistered.sealedFields;
    expect(externalId!.fieldClass).toEqual(name!.fieldClass);
    expect(pathsOf(RiskIdentified)).toEqual(['source', 'evidence']);
  });

  const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
  const interaction = (more: object) => ({
    customerId,
    channel: 'call',
    purpose: 'needs',
    startedAt: '2026-03-10T09:00:00+08:00',
    endedAt: '2026-03-10T09:10:00+08:00',
    content: '介绍新版本',
    ...more,
  });
  const step = (owner: string) => ({
    nextSteps: [{ text: '寄方案', owner, dueOn: '2026-03-12', priority: 'high' }],
  });

  it.each(['李工', 'li@example.com', '+8613812345678', 'Li Gong', 'a'.repeat(81)])(
    'is not taken for the id of one of our people (case %#)',
    async (name) => {
      const { recordInteraction, recordService } = COMMANDS;
      await expect(validateCommand(recordInteraction, interaction({ madeBy: name }))).rejects.toMatchObject({
        details: { errors: [{ field: 'madeBy' }] },
      });
      await expect(validateCommand(recordInteraction, interaction(step(name)))).rejects.toMatchObject({
        details: { errors: [{ field: 'nextSteps[0].owner' }] },
      });
      const service = {
        customerId,
        servedOn: '2026-03-09',
        kind: 'support',
        problem: '慢',
        result: '完成',
        servedBy: name,
        servedByName: '李工',
      };
      await expect(validateCommand(recordService, service)).rejects.toMatchObject({
        details: { errors: [{ field: 'servedBy' }] },
      });
    },
  );

  it.each(['demo-account-manager', 'actor-1', '7b0e6c1e-2f4d-5b58-9c0d-3f1f7c8e6a10'])(
    'an id is: %s',
    async (id) => {
      await validateCommand(COMMANDS.recordInteraction, interaction({ madeBy: id, ...step(id) }));
    },
  );
});
