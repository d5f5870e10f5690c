import { ApiProperty } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import { Moment, Text } from '../fields/fields.ts';

/** A new version of a policy; `value` is checked against the policy's own schema. */
export class ChangePolicy {
  @ApiProperty({ type: 'object', additionalProperties: true })
  @IsObject({ message: '$property must be an object' })
  value!: Record<string, unknown>;

  @Moment({ description: 'At least 60 s after it is recorded' })
  effectiveFrom!: string;

  @Text({ max: 500, optional: true })
  reason?: string;
}
