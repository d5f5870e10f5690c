import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@rapport/test-checks';
import { RapportProcess, removeFolder, temporaryFolder, type Exit } from './harness/rapportProcess.ts';

describe('npm run import', () => {
  const home = temporaryFolder();
  const data = join(home, 'data');
  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(join(home, name), content);
    return join(home, name);
  };
  const rows = file(
    'rows.csv',
    '客户名称,客户类型,联系人\n远见科技有限公司,企业,欧阳娜娜\n孙尚香,个人,\n坏行,国企,诸葛孔明\n',
  );
  const run = (...options: readonly string[]): Promise<Exit> =>
    RapportProcess.importing(...options, '--data', data).exited();
  let rapport: RapportProcess;

  beforeAll(async () => {
    rapport = await RapportProcess.ready(data);
  });
  afterAll(async () => {
    await RapportProcess.endAll();
    removeFolder(home);
  });

  it('hands the rows to the Rapport that runs on the folder: good ones go in, bad ones into an error file', async () => {
    const { code, stdout, stderr } = await run('customers', rows);
    expect(code).toBe(74);
    expect(stdout).toMatch(/^3 rows \(UTF-8\): 2 imported, 0 there before, 1 bad$/m);
    expect(stdout).toContain('rows.errors.csv');
    expect(readFileSync(join(home, 'rows.errors.csv'), 'utf8')).toContain('客户类型: must be one of');
    for (const name of ['欧阳娜娜', '孙尚香', '诸葛孔明']) expect(stdout + stderr).not.toContain(name);
    const client = await Client.signIn(rapport.url, 'manager');
    expect(await client.all('/api/customers')).toHaveLength(2);
  });

  it('changes nothing when it is repeated, there or after Rapport has stopped', async () => {
    const auditor = await Client.signIn(rapport.url, 'auditor');
    const before = await auditor.log();
    expect((await run('customers', rows)).stdout).toMatch(/: 0 imported, 2 there before, 1 bad$/m);
    expect(await auditor.log()).toEqual(before);
    expect((await rapport.interrupt()).code).toBe(0);
    expect((await run('customers', rows)).stdout).toMatch(/: 0 imported, 2 there before, 1 bad$/m);
    expect((await run('customers', rows, '--dry-run')).stdout).toMatch(
      /: 2 would be imported where they are not there yet, 1 bad$/m,
    );
    rapport = await RapportProcess.ready(data);
    expect(await (await Client.signIn(rapport.url, 'auditor')).log()).toEqual(before);
  });

  it('refuses in one line what it cannot read, with an exit code', async () => {
    const exits = await Promise.all([
      run('customers', join(home, 'nowhere.csv')),
      run('customers', home),
      run('customers', file('bytes.csv', Buffer.from([0x61, 0xff, 0xff]))),
      run('customers', file('columns.csv', '姓名\n张三\n')),
    ]);
    expect(exits.map(({ code }) => code)).toEqual([66, 66, 74, 74]);
    for (const { stderr } of exits) expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(exits.map(({ stderr }) => stderr.trimEnd())).toEqual([
      expect.stringMatching(/^rapport: there is no file .*nowhere\.csv/),
      expect.stringMatching(/^rapport: that is a folder/),
      expect.stringMatching(/^rapport: the file is neither UTF-8 nor GB18030/),
      expect.stringMatching(/^rapport: the header lacks 客户名称/),
    ]);
  });

  it('refuses kinds that it does not know, with those that it knows', async () => {
    const { code, stderr } = await run('customer', rows);
    expect(code).toBe(64);
    expect(stderr).toMatch(/no kind of import called customer/);
    expect(stderr).toContain(
      'service-records, feedback-improvements, improvement-measures, customers, purchases',
    );
  });
});
