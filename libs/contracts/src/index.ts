export * from './wire/canonicalJson.ts';
export * from './wire/commandId.ts';
export * from './wire/envelope.ts';
export * from './wire/eventId.ts';
export * from './wire/partition.ts';
export * from './wire/positionToken.ts';
export * from './wire/streamName.ts';
export * from './wire/uuid5.ts';
