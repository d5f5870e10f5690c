import type { Summary } from './summary.ts';

const DIMENSION_NAMES: Readonly<Record<string, string>> = {
  productQuality: '产品质量 product quality',
  responseSpeed: '响应速度 response speed',
  afterSalesSupport: '售后支持 after-sales support',
  personalisedExperience: '个性化体验 personalised experience',
};

const TIER_NAMES: Readonly<Record<string, string>> = {
  A: 'A 重要 ',
  B: 'B 重点 ',
  C: 'C 普通 ',
  prospect: '潜在 prospect',
};

const FIRST_TICKETS = 5;

/** The summary as the terminal shows it. Pure. */
export function summaryText(summary: Summary, url?: string): string {
  const { tiers, satisfaction, openTickets } = summary;
  const lines: string[] = ['', `客情 Rapport — ${summary.events} events stored (log ${summary.logId})`, ''];
  lines.push('客户等级 Customers by tier, and the rules that decided');
  for (const tier of ['A', 'B', 'C', 'prospect'] as const) {
    lines.push(`  ${TIER_NAMES[tier]}: ${tiers[tier]}`);
    for (const { rule, customers } of tiers.rules.filter((row) => row.tier === tier)) {
      lines.push(`      ${String(customers).padStart(4)} × ${rule}`);
    }
  }
  lines.push('', '满意度 Satisfaction by dimension (1–5)');
  for (const [dimension, { mean, n }] of Object.entries(satisfaction.dimensions)) {
    const score = mean === null ? 'no answers' : `${mean.toFixed(2)}  (n=${n})`;
    const weakest = dimension === satisfaction.weakest ? '  ← weakest 最弱' : '';
    lines.push(`  ${DIMENSION_NAMES[dimension] ?? dimension}: ${score}${weakest}`);
  }
  lines.push('', `工单 Open tickets: ${openTickets.length}${summary.moreOpenTickets ? '+' : ''}`);
  for (const { tier, level, kind, subject, state, openedAt } of openTickets.slice(0, FIRST_TICKETS)) {
    lines.push(`  [${tier} ${level}] ${kind} «${subject}» ${state}, opened ${String(openedAt).slice(0, 10)}`);
  }
  if (url !== undefined) {
    lines.push(
      '',
      `API documentation  ${url}/docs   (OpenAPI 3.1: ${url}/openapi.json)`,
      `Sign in            curl -s -X POST ${url}/demo/sign-in -H 'content-type: application/json' -d '{"role":"account-manager"}'`,
      `Health             ${url}/health/ready`,
    );
  }
  return `${lines.join('\n')}\n`;
}
