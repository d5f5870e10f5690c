import Type, { type Static } from 'typebox';
import type { PolicyDefinition } from './policyDefinition.ts';

const hours = () => Type.Integer({ minimum: 1, maximum: 8_760 });
const RecordingPolicySchema = Type.Object(
  {
    /** hours by the wall clock from an interaction's end; exactly that many is in time. */
    interactionHours: hours(),
    /** hours by the wall clock from a major event at the customer; exactly that many is in time. */
    majorEventHours: hours(),
  },
  { additionalProperties: false },
);

export type RecordingPolicy = Static<typeof RecordingPolicySchema>;

/** until when a record is in time; later ones are accepted and flagged. */
export const RECORDING: PolicyDefinition<'recording', RecordingPolicy> = {
  name: 'recording',
  schema: RecordingPolicySchema,
  rules: ['R-009', 'R-040'],
  defaultValue: { interactionHours: 24, majorEventHours: 24 },
  faults: () => [],
};
