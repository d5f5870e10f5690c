export * from './natsServer.ts';
