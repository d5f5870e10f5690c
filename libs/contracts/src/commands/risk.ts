import { Moment, OneOf, Text, Uuid, WholeNumber } from '../fields/fields.ts';
import { ListOfOneOf } from '../fields/lists.ts';
import { RISK_FACTORS, RISK_KINDS, type RiskKind } from '../vocabulary/risk.ts';

/** */
export class IdentifyRisk {
  @Uuid()
  customerId!: string;

  @OneOf(RISK_KINDS)
  kind!: RiskKind;

  @Text({ max: 200 })
  source!: string;

  @Text({ max: 10_000, multiline: true })
  evidence!: string;

  @Moment({ optional: true, description: 'Default now' })
  identifiedAt?: string;
}

/** */
export class AssessRisk {
  @WholeNumber({ min: 1, max: 5 })
  likelihood!: number;

  @WholeNumber({ min: 1, max: 5 })
  impact!: number;

  @ListOfOneOf(RISK_FACTORS, { max: 4, optional: true })
  factors?: (typeof RISK_FACTORS)[number][];

  @Text({ max: 10_000, multiline: true, optional: true })
  note?: string;
}
