export * from './clock/adjustableClock.ts';
export * from './clock/clock.ts';
export * from './clock/instant.ts';
export * from './clock/systemClock.ts';
export * from './errors/problem.ts';
export * from './random/random.ts';
export * from './random/systemRandom.ts';
