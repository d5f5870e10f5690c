export * from './forbiddenCalls.ts';
