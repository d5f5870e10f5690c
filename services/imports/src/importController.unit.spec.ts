import { describe, expect, it } from '@jest/globals';
import type { QueryMessage } from '@rapport/contracts';
import type { RequestContext } from '@rapport/messaging';
import { ImportController, type ImportRows } from './importController.ts';
import type { ImportRuntime } from './importRuntime.ts';

describe('an import', () => {
  it('is to be sent again later where the views stay behind: nothing was recorded, and nothing is wrong in here', async () => {
    const behind = { settle: async () => false } as unknown as ImportRuntime;
    const message = {
      parameters: { kind: 'customers', rows: [], dryRun: false },
      actor: { id: 'a', roles: ['data-steward'] },
    } as unknown as QueryMessage<ImportRows>;
    const running = new ImportController(behind).run(message, {} as RequestContext);
    await expect(running).rejects.toMatchObject({ kind: 'unavailable', details: { retryAfter: 30 } });
  });
});
