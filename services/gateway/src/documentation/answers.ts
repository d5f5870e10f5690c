import type { ApiResponseOptions } from '@nestjs/swagger';

/** What a route answers, as ApiResponse wants it: a schema of the contracts, which stays one object with its name. */
export function answers(schema: object): Pick<Extract<ApiResponseOptions, { schema: unknown }>, 'schema'> {
  return { schema: schema as never };
}
