export * from './interactionsModule.ts';
