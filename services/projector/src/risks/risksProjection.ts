import { riskEvents } from '@rapport/contracts';
import { carry } from '@rapport/privacy';
import type { Projection } from '@rapport/views';
import { dataOf } from '../dataOf.ts';

export interface RiskDocument {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly customerId: string;
  readonly kind: string;
  /** null until it is assessed. */
  readonly level: string | null;
  /** Highest first; 0 until it is assessed. */
  readonly score: number;
  readonly revision: number;
}

const { RiskIdentified, RiskAssessed } = riskEvents;

/** The risk register. */
export const risksProjection: Projection<RiskDocument> = {
  name: 'risks',
  version: 1,
  indexes: [{ fields: ['score'] }, { fields: ['level', 'score'] }, { fields: ['customerId', 'score'] }],
  types: [RiskIdentified.type, RiskAssessed.type],
  starts: [RiskIdentified.type],
  keys: (event) => [(event.data as { riskId: string }).riskId],
  fold(risk, event) {
    if (event.type === RiskIdentified.type) {
      const { riskId, ...identified } = dataOf(RiskIdentified, event);
      return {
        ...identified,
        id: riskId,
        source: carry(event, 'source'),
        evidence: carry(event, 'evidence'),
        level: null,
        score: 0,
        revision: event.revision,
      };
    }
    if (risk === undefined) return undefined;
    const { riskId: _id, customerId: _customer, note, ...assessed } = dataOf(RiskAssessed, event);
    const { note: _former, ...before } = risk;
    return {
      ...(before as RiskDocument),
      ...assessed,
      ...(note !== undefined && { note: carry(event, 'note') }),
      assessedAt: event.occurredAt,
      policyVersion: event.policies['risk-matrix'] ?? 1,
      revision: event.revision,
    };
  },
};
