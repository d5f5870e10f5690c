import { PROBLEM_STATUS, type ProblemKind } from '@rapport/platform';
import Type, { type Static } from 'typebox';
import { shape, Words } from './shapes.ts';

/** Kinds that only HTTP has. */
export type HttpProblemKind = ProblemKind | 'method-not-allowed' | 'uri-too-long' | 'bad-request';

const KINDS: readonly HttpProblemKind[] = [
  ...(Object.keys(PROBLEM_STATUS) as ProblemKind[]),
  'method-not-allowed',
  'uri-too-long',
  'bad-request',
];

export const FieldError = shape('FieldError', {
  field: Type.String({
    description: 'Path of the field, or name of the header',
    examples: ['contacts[0].phone'],
  }),
  message: Type.String({ description: 'What is wrong and what to do; never the value' }),
});

/** RFC 9457. */
export const Problem = shape('Problem', {
  type: Words(KINDS.map((kind) => `urn:rapport:problem:${kind}`)),
  title: Type.String(),
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  detail: Type.String(),
  instance: Type.Optional(
    Type.String({ description: 'Correlation id of the request: name it when you report the problem' }),
  ),
  errors: Type.Optional(Type.Array(FieldError)),
  rule: Type.Optional(
    Type.String({ description: 'Id of the handbook rule that refused', examples: ['R-074'] }),
  ),
  recorded: Type.Optional(
    shape(
      'RecordedPlace',
      { stream: Type.String(), revision: Type.Integer({ minimum: 0 }) },
      'The event that stands in the way',
    ),
  ),
});

export type ProblemDocument = Readonly<Static<typeof Problem>>;
