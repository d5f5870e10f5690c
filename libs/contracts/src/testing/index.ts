export * from './fieldKinds.ts';
export * from './hostileBodies.ts';
export * from './validBodies.ts';
