export * from './actor/actorAssertions.ts';
export * from './facts/index.ts';
export * from './inProcess/inProcessTransport.ts';
export * from './problemFilter.ts';
export * from './requestClient.ts';
export * from './serves.ts';
