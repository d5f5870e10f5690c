export * from './commandSender.ts';
export * from './composition/httpGateway.ts';
export * from './composition/standalone.ts';
