import { Moment, Text } from '../fields/fields.ts';
import { AnyObject } from '../fields/objects.ts';

/** A new version of a policy; `value` is checked against the policy's own schema. */
export class ChangePolicy {
  @AnyObject()
  value!: Record<string, unknown>;

  @Moment({ description: 'At least 60 s after it is recorded' })
  effectiveFrom!: string;

  @Text({ max: 500, optional: true })
  reason?: string;
}

/** A key that could not go on is tried again before its time. */
export class RetryParkedKey {}
