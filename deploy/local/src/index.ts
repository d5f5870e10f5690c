export * from './engines.ts';
export * from './ferretDbProcess.ts';
export * from './freePorts.ts';
export * from './localDeployment.ts';
export * from './localProcess.ts';
export * from './natsProcess.ts';
export * from './serviceProcess.ts';
