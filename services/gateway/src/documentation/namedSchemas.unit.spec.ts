import { describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { referToNamedSchemas } from './namedSchemas.ts';

const money = (type: string): object => ({ title: 'Money', type });
const documentOf = (...schemas: object[]): OpenAPIObject =>
  ({ openapi: '3.1.0', info: { title: 'x' }, paths: { '/': schemas } }) as unknown as OpenAPIObject;

describe('named shapes of the API', () => {
  it('stand once among its schemas, however deep they were, and are referred to', () => {
    const list = { title: 'List', type: 'object', properties: { items: { items: money('string') } } };
    const { paths, components } = referToNamedSchemas(documentOf(list, money('string')));
    const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
    expect(paths['/']).toEqual([ref('List'), ref('Money')]);
    expect(components!.schemas).toEqual({
      Money: money('string'),
      List: { ...list, properties: { items: { items: ref('Money') } } },
    });
  });

  it('are refused where two that differ have one name', () => {
    expect(() => referToNamedSchemas(documentOf(money('string'), money('integer')))).toThrow('named Money');
  });

  it('that are one of several words are text', () => {
    const { paths } = referToNamedSchemas(documentOf({ enum: ['A', 'B'] }, { enum: [1] }));
    expect(paths['/']).toEqual([{ enum: ['A', 'B'], type: 'string' }, { enum: [1] }]);
  });

  it('may be null in the words that generators understand', () => {
    const nullable = { anyOf: [{ type: 'string', enum: ['A'] }, { type: 'null' }], description: 'x' };
    const { paths } = referToNamedSchemas(documentOf(nullable));
    expect(paths['/']).toEqual([{ type: ['string', 'null'], enum: ['A', null], description: 'x' }]);
  });
});
