import type { HttpProblemKind, ProblemDocument } from '@rapport/contracts';
import type { ProblemDetails } from '@rapport/platform';

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
    ...(errors !== undefined && { errors: [...errors] }),
    ...(rule !== undefined && { rule }),
    ...(recorded !== undefined && { recorded }),
  };
}
