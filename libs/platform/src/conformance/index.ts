export * from './rejectsWrong.ts';
export * from './rules.ts';
export * from './wrongImplementation.ts';
