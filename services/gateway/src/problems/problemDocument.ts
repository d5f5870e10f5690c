import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { FieldError, ProblemDetails, ProblemKind, RecordedPlace } from '@rapport/platform';

/** Kinds that only HTTP has. */
export type HttpProblemKind = ProblemKind | 'method-not-allowed' | 'uri-too-long' | 'bad-request';

const TITLES: Readonly<Record<HttpProblemKind, string>> = {
  'invalid-input': 'The input is not acceptable',
  'bad-request': 'The request is malformed',
  unauthenticated: 'Sign in first',
  forbidden: 'Not permitted',
  'not-found': 'Not found',
  'method-not-allowed': 'Method not allowed',
  'rule-violated': 'A rule says no',
  'revision-conflict': 'Others changed it at the same time',
  parked: 'This record’s view is held back',
  'precondition-failed': 'It has changed meanwhile',
  'too-large': 'Too large',
  'uri-too-long': 'The address is too long',
  'unsupported-media-type': 'Send JSON',
  'idempotency-key-reused': 'The Idempotency-Key was used for another request',
  'too-many-requests': 'Too many requests',
  internal: 'Something went wrong on our side',
  unavailable: 'Not available right now',
};

class FieldErrorDocument implements FieldError {
  @ApiProperty({ description: 'Path of the field, or name of the header', example: 'contacts[0].phone' })
  field!: string;

  @ApiProperty({ description: 'What is wrong and what to do; never the value' })
  message!: string;
}

class RecordedPlaceDocument implements RecordedPlace {
  @ApiProperty({ example: 'purchases-0f5a7f6e-0000-5000-8000-00000000000d-2026' })
  stream!: string;

  @ApiProperty({ type: 'integer', example: 3 })
  revision!: number;
}

/** RFC 9457. */
export class ProblemDocument {
  @ApiProperty({ example: 'urn:rapport:problem:invalid-input' })
  type!: string;

  @ApiProperty({ example: TITLES['invalid-input'] })
  title!: string;

  @ApiProperty({ type: 'integer', example: 400 })
  status!: number;

  @ApiProperty({ example: 'The field contacts[0].phone is not acceptable.' })
  detail!: string;

  @ApiProperty({ description: 'Correlation id of the request: name it when you report the problem' })
  instance!: string;

  @ApiPropertyOptional({ type: [FieldErrorDocument] })
  errors?: readonly FieldError[];

  @ApiPropertyOptional({ description: 'Id of the handbook rule that refused', example: 'R-074' })
  rule?: string;

  @ApiPropertyOptional({ type: RecordedPlaceDocument, description: 'The event that stands in the way' })
  recorded?: RecordedPlace;
}

export type HttpProblem = Omit<ProblemDetails, 'kind'> & {
  readonly kind: HttpProblemKind;
  readonly status: number;
};

export function problemDocument(
  { kind, status, detail, errors, rule, recorded }: HttpProblem,
  correlationId: string,
): ProblemDocument {
  return {
    type: `urn:rapport:problem:${kind}`,
    title: TITLES[kind],
    status,
    detail,
    instance: `urn:uuid:${correlationId}`,
    ...(errors !== undefined && { errors }),
    ...(rule !== undefined && { rule }),
    ...(recorded !== undefined && { recorded }),
  };
}
