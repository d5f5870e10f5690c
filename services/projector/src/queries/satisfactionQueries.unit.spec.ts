import { describe, expect, it } from '@jest/globals';
import {
  SATISFACTION_DIMENSIONS,
  type SatisfactionDimension,
  type SummariseSatisfaction,
} from '@rapport/contracts';
import { MemoryViewStore, type DocumentBody } from '@rapport/views';
import fc from 'fast-check';
import { Counters } from '@rapport/views/testing';
import { ANSWERS_BY_GROUP, answersProjection } from '../satisfaction/answersProjection.ts';
import { SatisfactionQueries } from './satisfactionQueries.ts';
import type { Views } from './views.ts';

type Scores = Partial<Record<SatisfactionDimension, number>>;
interface Answer {
  readonly scores: Scores;
  readonly tier?: string;
  readonly period?: string;
}
interface SatisfactionSummary {
  readonly dimensions: Readonly<Record<string, { readonly mean: number | null; readonly n: number }>>;
  readonly weakest: string | null;
  readonly answers: number;
}

async function summaryOf(
  answers: readonly Answer[],
  parameters: Partial<SummariseSatisfaction> = {},
): Promise<SatisfactionSummary> {
  const collection = await new MemoryViewStore().open(answersProjection);
  await collection.write(
    answers.map(({ scores, tier = 'B', period = '2026-Q1' }, index) => ({
      key: `answer-${index}`,
      index,
      body: { scores, tier, period, kind: 'relationship' } as DocumentBody,
    })),
  );
  const views = {
    collection: () => ({
      counts: async () => (await Counters.over(collection, [ANSWERS_BY_GROUP])).counts,
    }),
    answer: async (_names: unknown, _message: unknown, ask: () => Promise<object>) => ({
      ...(await ask()),
      stale: false,
    }),
  } as unknown as Views;
  const message = { parameters, actor: { id: 'actor-1', roles: ['manager'] } } as Parameters<
    SatisfactionQueries['summary']
  >[0];
  return (await new SatisfactionQueries(views).summary(message)).body as unknown as SatisfactionSummary;
}

describe('satisfaction by dimension', () => {
  it('R-092 names no weakest dimension and no mean where nobody answered', async () => {
    const { dimensions, weakest, answers } = await summaryOf([]);
    expect(Object.keys(dimensions)).toEqual([...SATISFACTION_DIMENSIONS]);
    expect(Object.values(dimensions)).toEqual(Array(4).fill({ mean: null, n: 0 }));
    expect({ weakest, answers }).toEqual({ weakest: null, answers: 0 });
  });

  it('R-092 means are over those who answered that dimension, and say how many', async () => {
    const { dimensions, weakest } = await summaryOf([
      { scores: { productQuality: 5, responseSpeed: 3 } },
      { scores: { productQuality: 4 } },
    ]);
    expect(dimensions['productQuality']).toEqual({ mean: 4.5, n: 2 });
    expect(dimensions['responseSpeed']).toEqual({ mean: 3, n: 1 });
    expect(weakest).toBe('responseSpeed');
  });

  it('R-092 a dimension that nobody answered is never the weakest', async () => {
    expect((await summaryOf([{ scores: { afterSalesSupport: 5 } }])).weakest).toBe('afterSalesSupport');
  });

  it('R-092 of equal means the one with more answers is the weakest', async () => {
    const { weakest } = await summaryOf([
      { scores: { productQuality: 3, afterSalesSupport: 2 } },
      { scores: { productQuality: 3, afterSalesSupport: 4 } },
      { scores: { responseSpeed: 3, afterSalesSupport: 3 } },
    ]);
    expect(weakest).toBe('afterSalesSupport');
  });

  it('R-092 means that read alike are told apart', async () => {
    const answers = Array.from({ length: 20_000 }, (_, n) => ({
      scores: { productQuality: 4, responseSpeed: n === 0 ? 3 : 4 },
    }));
    const more = [...answers, { scores: { productQuality: 4 } }];
    const { dimensions, weakest } = await summaryOf(more);
    expect([dimensions['productQuality']!.mean, dimensions['responseSpeed']!.mean]).toEqual([4, 4]);
    expect(weakest).toBe('responseSpeed');
  });

  it('R-092 by tier and period', async () => {
    const answers: Answer[] = [
      { scores: { productQuality: 5 }, tier: 'A' },
      { scores: { productQuality: 1 }, tier: 'C' },
      { scores: { productQuality: 2 }, tier: 'A', period: '2025-Q4' },
    ];
    const { dimensions, answers: n } = await summaryOf(answers, { tier: 'A', period: '2026-Q1' });
    expect([dimensions['productQuality'], n]).toEqual([{ mean: 5, n: 1 }, 1]);
  });

  it('R-092 no dimension has a lower mean than the weakest', async () => {
    const score = fc.integer({ min: 1, max: 5 });
    const scores = fc.record(Object.fromEntries(SATISFACTION_DIMENSIONS.map((d) => [d, score])), {
      requiredKeys: [],
    });
    await fc.assert(
      fc.asyncProperty(fc.array(scores, { minLength: 1, maxLength: 12 }), async (given) => {
        const { dimensions, weakest } = await summaryOf(given.map((one) => ({ scores: one as Scores })));
        const means = Object.values(dimensions).flatMap(({ mean }) => (mean === null ? [] : [mean]));
        expect(weakest === null ? [] : dimensions[weakest]!.mean).toEqual(
          means.length === 0 ? [] : Math.min(...means),
        );
      }),
      { numRuns: 50 },
    );
  });
});
