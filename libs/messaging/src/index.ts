export * from './actor/actorAssertions.ts';
export * from './inProcess/inProcessTransport.ts';
export * from './problemFilter.ts';
export * from './requestClient.ts';
export * from './serves.ts';
export * from './permissions/natsAuthorization.ts';
export * from './permissions/natsPermissions.ts';
