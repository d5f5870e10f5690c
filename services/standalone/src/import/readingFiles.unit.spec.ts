import { describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import { amountIn, dateIn, scoreIn, wordIn, type Column } from '@rapport/service-imports';
import { readCsv } from './csvRows.ts';
import { numberRows } from './numberRows.ts';
import { ERROR_COLUMNS, forSpreadsheet, fromSpreadsheet } from './spreadsheet.ts';
import { decodeText } from './textEncoding.ts';

const columns: readonly Column[] = [
  { name: 'customer', headers: ['客户名称', 'customer'], required: true },
  { name: 'problem', headers: ['问题描述', 'problem'], required: true },
  { name: 'remark', headers: ['备注', 'remark'] },
];
const text = '客户名称,问题描述\r\n𠮷野家,㐂\r\n';

describe('the text of a file', () => {
  it('is UTF-8, with or without its mark', () => {
    expect(decodeText(Buffer.from(text))).toEqual({ text, encoding: 'UTF-8' });
    const marked = decodeText(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)])).text;
    expect(readCsv(marked, columns).rows[0]!.values['customer']).toBe('𠮷野家');
  });

  it('is GB18030, also where a character takes four bytes', () => {
    const bytes = iconv.encode(text, 'gb18030');
    expect(bytes.length).toBeGreaterThan(
      iconv.encode('客户名称,问题描述\r\n野家,\r\n', 'gb18030').length + 7,
    );
    expect(decodeText(bytes)).toEqual({ text, encoding: 'GB18030' });
  });

  it('is brought into NFC', () => {
    expect(decodeText(Buffer.from('Cafe\u0301')).text).toBe('Caf\u00e9');
  });

  it('in neither is refused with what to do', () => {
    expect(() => decodeText(Buffer.from([0x61, 0xff, 0xff, 0x0a]))).toThrow(
      /neither UTF-8 nor GB18030: save it/,
    );
  });
});

describe('the rows of a file', () => {
  const rowsOf = (csv: string) => readCsv(csv, columns).rows;

  it('have quotes, commas and line ends inside fields, and the line that they begin on', () => {
    const rows = rowsOf('客户名称,问题描述\n"甲, 乙","第一行\n第二行 ""引"""\n丙,丁\n戊,"己\n\n庚"\n辛,壬\n');
    expect(rows.map(({ line, values }) => [line, values['customer'], values['problem']])).toEqual([
      [2, '甲, 乙', '第一行\n第二行 "引"'],
      [4, '丙', '丁'],
      [5, '戊', '己\n\n庚'],
      [8, '辛', '壬'],
    ]);
  });

  it('have their line also after empty lines and with line ends of Windows', () => {
    expect(rowsOf('客户名称,问题描述\r\n甲,乙\r\n\r\n\r\n丙,丁\r\n').map(({ line }) => line)).toEqual([2, 5]);
  });

  it('have the line of a header that spans lines behind them', () => {
    expect(rowsOf('客户名称,问题描述,"备\n注"\n甲,乙,\n').map(({ line }) => line)).toEqual([3]);
  });

  it('need a header with the columns, in any order and in either language; missing ones are named', () => {
    expect(rowsOf('problem,other,customer\nbroken,x,Acme\n')[0]!.values).toEqual({
      customer: 'Acme',
      problem: 'broken',
    });
    expect(() => rowsOf('备注,问题描述\n')).toThrow(/lacks 客户名称; it has 备注, 问题描述/);
    expect(() => rowsOf('')).toThrow(/lacks 客户名称, 问题描述/);
  });

  it('of a header that is no CSV are refused with its line', () => {
    expect(() => rowsOf('客户名称,"问题描述\n甲,乙\n')).toThrow(/not a CSV file: .* in line \d/);
  });

  it.each([['\n'], ['\r\n']])('with text behind a closing quote cost only themselves (%j)', (end) => {
    const csv = [
      '客户名称,问题描述',
      '甲,"乙" 丙',
      '',
      '丁,"戊',
      '己"',
      '"庚"辛,"壬"',
      '子,丑',
      '寅,"卯',
      '卯"x',
      '辰,巳',
    ];
    const { rows, unreadable } = readCsv(csv.join(end), columns);
    expect(rows.map(({ line, values }) => [line, values['problem']])).toEqual([
      [4, `戊${end}己`],
      [7, '丑'],
      [10, '巳'],
    ]);
    expect(unreadable.map(({ line, raw }) => [line, raw])).toEqual([
      [2, ['甲,"乙" 丙']],
      [6, ['"庚"辛,"壬"']],
      [8, [`寅,"卯${end}卯"x`]],
    ]);
    expect(unreadable[0]!.reason).toMatch(/behind a closing quote; write quotes inside a field twice/);
  });

  it('may have quotes inside a field that has none around it', () => {
    expect(
      rowsOf('客户名称,问题描述\n甲,27" 屏\n丙,说"好"了\n').map(({ values }) => values['problem']),
    ).toEqual(['27" 屏', '说"好"了']);
  });

  it('before a quote that is never closed are read; it costs the rest', () => {
    const { rows, unreadable } = readCsv('客户名称,问题描述\n甲,乙\n\n丙,"丁\n戊,己\n', columns);
    expect(rows.map(({ line }) => line)).toEqual([2]);
    expect(unreadable).toEqual([
      { line: 4, reason: expect.stringMatching(/never closed.*close it/), raw: ['丙,"丁\n戊,己'] },
    ]);
  });

  it('of our own error file are those of the file that it came from', () => {
    const cells = ['=1+1', '+86', '-5', '@x', "'=1", '平常'];
    expect(cells.map(forSpreadsheet)).toEqual(["'=1+1", "'+86", "'-5", "'@x", "''=1", '平常']);
    for (const cell of [...cells, '\tx', '\rx', "'", ''])
      expect(fromSpreadsheet(forSpreadsheet(cell))).toBe(cell);
    const { header, rows } = readCsv(
      `${ERROR_COLUMNS.join(',')},客户名称,问题描述\n7,坏,'=甲,'-5\n`,
      columns,
    );
    expect(header).toEqual(['客户名称', '问题描述']);
    expect(rows[0]).toMatchObject({ values: { customer: '=甲', problem: '-5' }, raw: ['=甲', '-5'] });
    expect(rowsOf("客户名称,问题描述\n'=甲,乙\n")[0]!.values['customer']).toBe("'=甲");
  });

  it('with another number of fields are bad by line; equal ones are told apart by which they are', () => {
    const { rows, bad } = numberRows(
      readCsv('客户名称,问题描述\n甲,乙\n甲,乙,丙\n甲\n丁,乙\n甲,乙\n', columns),
    );
    expect(rows.map(({ line, occurrence }) => [line, occurrence])).toEqual([
      [2, 0],
      [5, 0],
      [6, 1],
    ]);
    expect(bad.map(({ line }) => line)).toEqual([3, 4]);
    expect(bad[0]!.reason).toMatch(/3 fields, the header has 2/);
  });

  it('that no request can hold are bad, and stop nothing', () => {
    const { rows, bad } = numberRows(
      readCsv(`客户名称,问题描述\n甲,${'问'.repeat(70_000)}\n乙,丙\n`, columns),
    );
    expect(rows.map(({ line }) => line)).toEqual([3]);
    expect(bad).toEqual([{ line: 2, reason: expect.stringMatching(/200 kB/) }]);
  });
});

describe('the fields of a row', () => {
  it.each(['2024-3-5', '2024/03/05', '2024.3.05', '2024年3月5日'])('%s is a date', (date) => {
    expect(dateIn(date, '服务日期')).toBe('2024-03-05');
  });

  it.each(['2024-02-30', '2023-02-29', '2024-13-01', '05/03/2024', '明天', '20240305'])(
    '%s is none',
    (date) => {
      expect(() => dateIn(date, '服务日期')).toThrow(/^服务日期: is not a date that exists; write it as/);
    },
  );

  it.each([
    ['500000', '500000.00'],
    ['1,234.5', '1234.50'],
    ['￥1，234，567.89', '1234567.89'],
    ['¥007', '7.00'],
    ['0.05元', '0.05'],
    ['-20', '-20.00'],
    ['−20.50', '-20.50'],
  ])('%s is an amount', (written, amount) => {
    expect(amountIn(written, '金额')).toBe(amount);
  });

  it.each(['', '12,34', '1.234', '1e5', '五万', '--1', '1.', '.5', 'NaN'])('%j is no amount', (written) => {
    expect(() => amountIn(written, '金额')).toThrow(/^金额: is not an amount/);
  });

  it('R-043 satisfaction is a whole number from 1 to 5', () => {
    expect([1, 5].map((score) => scoreIn(String(score), '评分', 1, 5))).toEqual([1, 5]);
    for (const score of ['0', '6', '4.5', '五', '', ' ']) {
      expect(() => scoreIn(score, '评分', 1, 5)).toThrow(/^评分: must be a whole number from 1 to 5/);
    }
  });

  it('R-070 a kind is one of the words; others are answered with those that are known', () => {
    const words = { 咨询: 'inquiry', 投诉: 'complaint' } as const;
    expect(wordIn('投诉', '服务类型', words)).toBe('complaint');
    for (const word of ['吐槽', 'constructor', '__proto__', 'toString']) {
      expect(() => wordIn(word, '服务类型', words)).toThrow('服务类型: must be one of 咨询, 投诉');
    }
  });
});
