import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSealed, type RecordedEvent } from '@rapport/contracts';
import { systemClock } from '@rapport/platform';
import iconv from 'iconv-lite';
import { StandaloneFolder } from '../testing/standaloneFolder.ts';
import { importFile } from './importFile.ts';
import { sampleFiles } from './sampleFiles.ts';
import { checkRows } from './strangerTarget.ts';

const DAY = 86_400_000;
const PEOPLE = ['张经理', '王总', '李工', '赵专员', '欧阳娜娜'];
const SERVICE = '客户名称,联系人,服务日期,服务类型,问题描述,处理结果,服务人员,客户满意度评分,备注';

describe('importing files', () => {
  const folder = new StandaloneFolder();
  beforeAll(() => folder.start());
  afterAll(() => folder.remove());

  const sample = (kind: string): string => sampleFiles().find((file) => file.kind === kind)!.path;
  /** What one import recorded. */
  async function recordedBy(run: () => Promise<unknown>): Promise<readonly RecordedEvent[]> {
    const before = await folder.head();
    await run();
    return folder.log(before + 1);
  }
  const ofType = (events: readonly RecordedEvent[], type: string) =>
    events
      .filter((event) => event.type.endsWith(`.${type}`))
      .map((event) => ({ event, data: event.data as Record<string, unknown> }));

  it('a dry run checks the rows and stores nothing', async () => {
    const before = await folder.head();
    const { imported, repeated, bad } = await folder.importFile(
      'service-records',
      sample('service-records'),
      true,
    );
    expect([imported, repeated, bad]).toEqual([2, 0, []]);
    expect(await folder.head()).toBe(before);
  });

  it('R-043 R-070 service records: 技术支持 is a service record, 回访 an interaction with purpose return visit', async () => {
    const events = await recordedBy(() => folder.importFile('service-records', sample('service-records')));
    const [service] = ofType(events, 'ServiceRecorded');
    expect(service!.data).toMatchObject({ servedOn: '2024-03-15', kind: 'support', satisfaction: 5 });
    const [visit] = ofType(events, 'InteractionRecorded');
    expect(visit!.data).toMatchObject({ purpose: 'return-visit', satisfaction: 4 });
    expect([ofType(events, 'CustomerRegistered').length, ofType(events, 'ContactAdded').length]).toEqual([
      2, 2,
    ]);

    // The original time, and the original author as an opaque id with the name sealed beside it.
    expect(service!.event).toMatchObject({ origin: 'import', occurredAt: '2024-03-14T16:00:00.000Z' });
    expect(visit!.event.occurredAt).toBe('2024-03-17T16:00:00.000Z');
    for (const [author, name] of [
      [service!.data['servedBy'], service!.data['servedByName']],
      [visit!.data['madeBy'], visit!.data['madeByName']],
    ]) {
      expect(author).toMatch(/^[0-9a-f-]{36}$/);
      expect(isSealed(name)).toBe(true);
    }
    for (const field of ['problem', 'result', 'remark']) expect(isSealed(service!.data[field])).toBe(true);
  });

  it('R-096 feedback with its improvement: complete ones are planned and checked, incomplete ones drafts', async () => {
    const path = sample('feedback-improvements');
    const events = await recordedBy(() => folder.importFile('feedback-improvements', path));
    expect(ofType(events, 'FeedbackReceived').map(({ event }) => event.occurredAt)).toEqual([
      '2024-03-19T16:00:00.000Z',
      '2024-03-21T16:00:00.000Z',
    ]);
    expect(
      ofType(events, 'ImprovementPlanned').map(({ data }) => [data['state'], data['owner'], data['missing']]),
    ).toEqual([
      ['planned', '客户经理', []],
      ['draft', undefined, ['owner', 'dueOn']],
    ]);
    expect(ofType(events, 'ImprovementChecked')).toHaveLength(1);
  });

  it('R-096 improvement measures: the role that is responsible stays readable', async () => {
    const path = sample('improvement-measures');
    const events = await recordedBy(() => folder.importFile('improvement-measures', path));
    expect(
      ofType(events, 'ImprovementPlanned').map(({ data }) => [data['state'], data['owner'], data['dueOn']]),
    ).toEqual([
      ['planned', '主管', '2024-06-30'],
      ['planned', '经理', '2024-07-15'],
      ['planned', '技术总监', '2024-08-31'],
    ]);
  });

  const customers = [
    '客户名称,客户类型,客户编号,行业代码,首次合作日期,联系人,职务,电话,决策人',
    '远见科技有限公司,企业,K-1,I65,2022年1月1日,欧阳娜娜,采购经理,138 0013 8000,是',
    '孙尚香,个人,K-2,,,,,,',
    '坏行有限公司,国企,K-3,,,,,,',
  ].join('\n');
  const purchases = [
    '客户名称,购买日期,产品,金额,币种,汇率,订单号',
    '远见科技有限公司,2026/1/5,企业版年度许可,"￥600,000",,,D-1',
    '远见科技有限公司,2026-02-01,企业版年度许可,-1000.5,,,D-2',
    '远见科技有限公司,2026-02-01,培训课程,100,USD,7.1205,',
    '远见科技有限公司,2026-02-01,培训课程,100,USD,7.1205,',
    '远见科技有限公司,2026-02-30,培训课程,100,,,D-9',
  ].join('\n');

  it('R-001 R-002 customers with contacts, companies and individuals; a bad row is told and the good ones go in', async () => {
    let report: Awaited<ReturnType<typeof folder.import>> | undefined;
    const events = await recordedBy(async () => (report = await folder.import('customers', customers)));
    expect(report).toMatchObject({ rows: 3, imported: 2, repeated: 0 });
    expect(report!.bad).toEqual([
      { line: 4, reason: '客户类型: must be one of 企业, 公司, company, 个人, individual' },
    ]);
    const [company, individual] = ofType(events, 'CustomerRegistered').map(({ data }) => data);
    expect(company).toMatchObject({
      kind: 'company',
      name: '远见科技有限公司',
      firstCooperationOn: '2022-01-01',
      externalId: 'K-1',
    });
    expect(individual).toMatchObject({ kind: 'individual' });
    for (const field of ['name', 'externalId']) expect(isSealed(individual![field])).toBe(true);
    const [contact] = ofType(events, 'ContactAdded');
    expect(contact!.data['isDecisionMaker']).toBe(true);
    for (const field of ['fullName', 'position', 'phone']) expect(isSealed(contact!.data[field])).toBe(true);
  });

  it('writes bad rows with line and reason into a file of the owner’s alone, to be mended and imported', async () => {
    const { errorFile, path } = await folder.import('customers', customers);
    expect(errorFile).toBe(path.replace('.csv', '.errors.csv'));
    expect(statSync(errorFile!).mode & 0o777).toBe(0o600);
    const [header, row] = readFileSync(errorFile!, 'utf8').split('\r\n');
    expect(header).toMatch(/^\uFEFF行号 line,原因 reason,客户名称,客户类型/);
    expect(row).toMatch(/^4,"客户类型: must be one of .*",坏行有限公司,国企,K-3/);
    const mended = readFileSync(errorFile!, 'utf8').replace('国企', '企业');
    expect(await folder.import('customers', mended)).toMatchObject({ imported: 1, bad: [] });
  });

  it('R-003 R-020 purchases and refunds, in other currencies, by order number or as the n-th equal row', async () => {
    let report: Awaited<ReturnType<typeof folder.import>> | undefined;
    const events = await recordedBy(
      async () => (report = await folder.import('purchases', iconv.encode(purchases, 'gb18030'))),
    );
    expect(report).toMatchObject({ rows: 5, imported: 4, encoding: 'GB18030' });
    expect(report!.bad).toEqual([
      { line: 6, reason: '购买日期: is not a date that exists; write it as 2024-03-15' },
    ]);
    expect(ofType(events, 'PurchaseRecorded').map(({ data }) => data['product'])).toEqual([
      '企业版年度许可',
      '培训课程',
      '培训课程',
    ]);
    expect(ofType(events, 'RefundRecorded')).toHaveLength(1);
    const { items } = (await folder.ask('customers.list', { name: '远见科技' })) as {
      items: { tier: string }[];
    };
    expect(items.map(({ tier }) => tier)).toEqual(['A']);
  });

  it('R-003 a purchase of a customer whom nobody knows is told, also in a dry run, and registers nobody', async () => {
    const before = await folder.head();
    const rows = '客户名称,购买日期,产品,金额\n远见科技有限责任公司,2026-01-05,培训课程,100\n';
    for (const dryRun of [true, false]) {
      expect(await folder.import('purchases', rows, dryRun)).toMatchObject({
        imported: 0,
        bad: [{ line: 2, reason: '客户名称: names no company, or more than one; import customers first' }],
      });
    }
    expect(await folder.head()).toBe(before);
  });

  it('a dry run tells what the import would tell', async () => {
    const before = await folder.head();
    const long = '长'.repeat(201);
    const kinds = {
      customers: `客户名称,联系人,电话\n${long},,\n远,王总,不是电话\n`,
      'service-records': `${SERVICE}\n${long},王总,2024-03-15,技术支持,问题,结果,李工,5,\n新公司丁,${long},2024-03-15,技术支持,问题,结果,李工,5,\n`,
    };
    for (const [kind, rows] of Object.entries(kinds)) {
      const dry = await folder.import(kind, rows, true);
      expect([dry.imported, dry.bad.map(({ line }) => line)]).toEqual([0, [2, 3]]);
      expect((await folder.import(kind, rows)).bad).toEqual(dry.bad);
    }
    expect(await folder.head()).toBe(before);
  });

  it('rows are checked also where there is no log yet, and no customer is known', async () => {
    const path = join(folder.home, 'unlogged.csv');
    writeFileSync(
      path,
      `${SERVICE}\n新公司戊,王总,2024-03-15,技术支持,问题,结果,李工,6,\n新公司戊,王总,2024-03-15,技术支持,问题,结果,李工,5,\n`,
    );
    const job = { kind: 'service-records', path, dryRun: true, progress: () => undefined };
    expect(await importFile(job, checkRows)).toMatchObject({ imported: 1, bad: [{ line: 2 }] });
  });

  it('an order number with other content is told, and changes nothing', async () => {
    const before = await folder.head();
    const { bad } = await folder.import(
      'purchases',
      purchases.replace('600,000', '700,000').split('\n').slice(0, 2).join('\n'),
    );
    expect(bad).toEqual([
      {
        line: 2,
        reason:
          '订单号 D-1: was taken over before as 购买日期 2026-01-05, 产品 企业版年度许可, 金额 (hidden from your role); ' +
          'this row says something else. Correct the record there, or give the row a 订单号 of its own',
      },
    ]);
    expect(await folder.head()).toBe(before);
  });

  it('R-001 a customer taken over before with other content is told in the words of the file', async () => {
    const before = await folder.head();
    const { bad } = await folder.import('customers', customers.replace('2022年1月1日', '2021年1月1日'));
    expect(bad[0]!.reason).toMatch(
      /^客户编号 K-1: was taken over before as 客户名称 远见科技有限公司, 客户类型 company, .*首次合作日期 2022-01-01/,
    );
    expect(await folder.head()).toBe(before);
  });

  it('of a bad row nothing is left behind, neither its customer nor its contact', async () => {
    const before = await folder.head();
    const rows = [
      SERVICE,
      '新公司甲,联系人甲,2024-03-15,技术支持,问题,结果,李工,6,',
      `新公司乙,联系人乙,2024-03-15,技术支持,${'长'.repeat(10_001)},结果,李工,5,`,
      '新公司丙,联系人丙,2024-03-15,技术支持,问题,,李工,5,',
    ].join('\n');
    const { bad } = await folder.import('service-records', rows);
    expect(bad.map(({ line }) => line)).toEqual([2, 3, 4]);
    expect(bad[1]!.reason).toMatch(/^problem: /);
    expect(await folder.head()).toBe(before);
  });

  const everything = [
    ...sampleFiles().map(({ kind, path }) => [kind, readFileSync(path)] as const),
    ['customers', Buffer.from(customers)] as const,
    ['purchases', Buffer.from(purchases)] as const,
  ];
  async function repeatEverything(): Promise<void> {
    const before = await folder.head();
    for (const [kind, content] of everything) {
      const { imported, repeated, rows, bad } = await folder.import(kind, content);
      expect({ kind, imported, repeated: repeated + bad.length }).toEqual({
        kind,
        imported: 0,
        repeated: rows,
      });
      expect(bad.length).toBe(['customers', 'purchases'].includes(kind) ? 1 : 0);
    }
    expect(await folder.head()).toBe(before);
  }

  it('repeating every import changes nothing', repeatEverything);

  it('nor does it 31 days later, when the commands are forgotten', async () => {
    folder.standalone.clock.moveTo(systemClock.now() + 31 * DAY);
    await folder.standalone.sweep('live');
    await folder.standalone.settle();
    await repeatEverything();
  });

  it('contract: a corrected amount 31 days later is a bad row that says what stands there', async () => {
    // What the year's stream forgets by.
    await folder.import('purchases', `客户名称,购买日期,产品,金额\n远见科技有限公司,2026-03-01,培训课程,1\n`);
    const before = await folder.head();
    const { imported, bad } = await folder.import('purchases', purchases.replace('-1000.5', '-1000.6'));
    expect(imported).toBe(0);
    expect(bad.map(({ line }) => line)).toEqual([3, 6]);
    expect(bad[0]!.reason).toContain('订单号 D-2: was taken over before as 购买日期 2026-02-01');
    expect(await folder.head()).toBe(before);
  });

  it('nor in another process, on that day and today', async () => {
    const { clock } = await folder.restart();
    await repeatEverything();
    clock.moveTo(systemClock.now() + 62 * DAY);
    await folder.standalone.sweep('live');
    await folder.standalone.settle();
    await repeatEverything();
  });

  it('R-100 names of people stand nowhere in the log in clear, nor in what was logged', async () => {
    const log = JSON.stringify(await folder.log());
    for (const person of [...PEOPLE, '孙尚香', '13800138000']) {
      expect(log).not.toContain(person);
      expect(folder.alerts.join('\n')).not.toContain(person);
    }
    expect(log).toContain('远见科技有限公司');
    expect(folder.alerts).toEqual([]);
  });

  it('a file without bad rows leaves no error file', async () => {
    const { errorFile, path } = await folder.import('customers', '客户名称\n远见科技有限公司乙\n');
    expect(errorFile).toBeUndefined();
    expect(existsSync(path.replace('.csv', '.errors.csv'))).toBe(false);
  });
});
