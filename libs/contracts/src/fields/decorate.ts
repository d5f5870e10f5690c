import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';

export interface FieldOptions {
  readonly optional?: boolean;
  readonly description?: string;
  readonly example?: unknown;
}

/** One decorator from several, with the field's OpenAPI description: a field is declared in one place. */
export function field(
  options: FieldOptions,
  api: ApiPropertyOptions,
  ...checks: readonly PropertyDecorator[]
): PropertyDecorator {
  const described = {
    ...api,
    ...(options.description !== undefined && { description: options.description }),
    ...(options.example !== undefined && { example: options.example }),
  } as ApiPropertyOptions;
  return (target, property) => {
    (options.optional === true ? ApiPropertyOptional(described) : ApiProperty(described))(target, property);
    if (options.optional === true) {
      // Not IsOptional: that lets null pass, which no field of the contract is.
      ValidateIf((_object, value) => value !== undefined)(target, property);
    }
    for (const check of checks) check(target, property);
  };
}
