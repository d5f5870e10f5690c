export * from './report/machine.ts';
export * from './report/markdownTable.ts';
