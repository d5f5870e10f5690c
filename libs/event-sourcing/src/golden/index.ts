export * from './addGoldenEvents.ts';
export * from './foldGolden.ts';
export * from './goldenEvents.ts';
export * from './goldenKeys.ts';
