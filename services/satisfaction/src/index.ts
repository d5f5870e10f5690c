export * from './satisfactionModule.ts';
