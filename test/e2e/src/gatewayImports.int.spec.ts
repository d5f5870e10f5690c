import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RequestOptions } from '@rapport/messaging';
import { HttpWorld } from './harness/httpWorld.ts';

describe('POST /api/imports/{kind}', () => {
  const sent: { subject: string; message: object; options: RequestOptions | undefined }[] = [];
  let http: HttpWorld;
  let authorization: string;

  beforeAll(async () => {
    http = await HttpWorld.open({
      requests: {
        async request<Reply>(subject: string, message: object, options?: RequestOptions): Promise<Reply> {
          sent.push({ subject, message, options });
          return { body: { imported: 1, repeated: 0, bad: [] }, stale: false } as Reply;
        },
      },
    });
    authorization = `Bearer ${await http.token('data-steward')}`;
  });

  afterAll(() => http.close());

  it('hands rows to the imports and waits for them longer than for a query', async () => {
    const rows = [{ line: 2, occurrence: 0, values: { name: '澄湖仪器' } }];
    const answer = await http.send('POST', '/api/imports/customers', { rows }, { authorization });
    expect(answer).toMatchObject({ status: 200, body: { imported: 1 } });
    expect(sent).toMatchObject([
      {
        subject: 'queries.v1.imports.run',
        message: { parameters: { kind: 'customers', rows, dryRun: false } },
        options: { timeoutMs: 110_000 },
      },
    ]);
  });

  it('R-015 only those who may import', async () => {
    expect(await http.send('POST', '/api/imports/customers', { rows: [] })).toMatchObject({ status: 403 });
  });

  it('refuses more than a request may hold, and says so', async () => {
    const rows = [{ line: 2, occurrence: 0, values: { name: '户'.repeat(100_000) } }];
    const answer = await http.send('POST', '/api/imports/customers', { rows }, { authorization });
    expect(answer).toMatchObject({ status: 413, body: { detail: 'The body is over the limit.' } });
    expect(sent).toHaveLength(1);
  });
});
