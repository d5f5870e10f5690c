import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { answers } from '@rapport/contracts';

const MEANING = {
  400: 'Something in the request is not acceptable; the fields are named',
  401: 'No bearer token, or one that is not valid any more',
  403: 'None of your roles has the permission',
  404: 'There is no such record',
  409: 'A rule says no, or others changed the record at the same time',
  412: 'The record is at another revision than If-Match says',
  413: 'The body is over the limit',
  415: 'The body is not JSON',
  422: 'The Idempotency-Key was used for another request',
  429: 'Too many requests; wait for Retry-After',
  500: 'Something went wrong on our side',
  503: 'Not available right now; wait for Retry-After',
} as const;

/** Documents what a route may answer instead: RFC 9457 problems. */
export function ApiProblems(...statuses: readonly (keyof typeof MEANING)[]): MethodDecorator {
  return applyDecorators(
    ...statuses.map((status) =>
      ApiResponse({
        status,
        description: MEANING[status],
        content: { 'application/problem+json': { schema: answers.Problem as object } },
      }),
    ),
  );
}
