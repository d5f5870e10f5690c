import { Controller } from '@nestjs/common';
import {
  SATISFACTION_DIMENSIONS,
  type QueryAnswer,
  type QueryMessage,
  type SummariseSatisfaction,
} from '@rapport/contracts';
import { ServesQuery } from '@rapport/messaging';
import type { CountedGroup } from '@rapport/views';
import { ANSWERS_BY_GROUP } from '../satisfaction/answersProjection.ts';
import { Views } from './views.ts';

/** The satisfaction view. */
@Controller()
export class SatisfactionQueries {
  constructor(private readonly views: Views) {}

  /** Mean per dimension with n; the weakest is named: lowest mean, of equal ones the one with more answers. */
  @ServesQuery('satisfaction.summary')
  summary(message: QueryMessage<SummariseSatisfaction>): Promise<QueryAnswer> {
    const { tier, period, kind } = message.parameters;
    return this.views.answer(['satisfaction'], message, async () => {
      const [groups] = await this.views.collection('satisfaction').counts();
      const wanted = [period, tier, kind];
      const asked = groups!.filter(({ values }) =>
        wanted.every((value, n) => value === undefined || value === values[n]),
      );
      const measured = SATISFACTION_DIMENSIONS.map((dimension) => {
        const at = ANSWERS_BY_GROUP.sum.indexOf(`scores.${dimension}`);
        return {
          dimension,
          n: total(asked, ({ sums }) => sums[at]!.n),
          sum: total(asked, ({ sums }) => sums[at]!.sum),
        };
      });
      const dimensions = Object.fromEntries(
        measured.map(({ dimension, n, sum }) => [dimension, { mean: n === 0 ? null : rounded(sum / n), n }]),
      );
      return {
        body: { dimensions, weakest: weakest(measured), answers: total(asked, ({ count }) => count) },
      };
    });
  }
}

function total(groups: readonly CountedGroup[], of: (group: CountedGroup) => number): number {
  return groups.reduce((sum, group) => sum + of(group), 0);
}

interface Measured {
  readonly dimension: string;
  readonly n: number;
  readonly sum: number;
}

/** Compared before rounding: two means that read alike need not be. */
function weakest(measured: readonly Measured[]): string | null {
  const answered = measured.filter(({ n }) => n > 0);
  const [first] = answered.sort((a, b) => a.sum * b.n - b.sum * a.n || b.n - a.n);
  return first?.dimension ?? null;
}

/** To four decimal places, as people read it; the sums stay exact. */
function rounded(mean: number): number {
  return Math.round(mean * 10_000) / 10_000;
}
