export * from './ticketsModule.ts';
