export * from './civil.ts';
export * from './dateArithmetic.ts';
export * from './isoWeek.ts';
export * from './periods.ts';
export * from './plainDate.ts';
export * from './shanghai.ts';
