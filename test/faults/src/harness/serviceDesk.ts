import type { Client, Reply } from '@rapport/test-checks';

/** A command that was sent, and the answer where one came. */
export interface Sent {
  readonly key: string;
  readonly path: string;
  readonly body: object;
  answer?: Reply;
}

/** Those to which an answer came. */
export function answered(sent: readonly Sent[]): readonly Sent[] {
  return sent.filter(({ answer }) => answer !== undefined);
}

type Send = (path: string, body: object) => Promise<Record<string, unknown>>;

/** Thrown where no answer came, or another than a good one: that client stops. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/**
 * Clients that work side by side until one after the other gets no answer: each registers customers, enters
 * purchases, records interactions, opens tickets, responds to them, enters survey answers. Everything that was sent is written into `sent`.
 */
export async function work(
  client: Pick<Client, 'post'>,
  round: string,
  clients: number,
  sent: Sent[],
): Promise<readonly Reply[]> {
  const refused: Reply[] = [];
  const one = async (n: number): Promise<void> => {
    let number = 0;
    const send: Send = async (path, body) => {
      const command: Sent = { key: `${round}-${n}-${(number += 1)}`, path, body };
      sent.push(command);
      let reply: Reply;
      try {
        reply = await client.post(path, body, command.key);
      } catch (error) {
        throw new NoAnswer('the connection is gone', { cause: error });
      }
      if (reply.status !== 201) {
        refused.push(reply);
        throw new NoAnswer(`answered ${reply.status}`);
      }
      command.answer = reply;
      return reply.body;
    };
    try {
      for (let customer = 0; ; customer += 1) await serve(send, `${round}-${n}-${customer}`, customer);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, n) => one(n)));
  return refused;
}

async function serve(send: Send, name: string, n: number): Promise<void> {
  const { id: customerId } = await send('/api/customers', {
    name: `远见科技 ${name}`,
    kind: 'company',
    firstCooperationOn: '2022-01-01',
    contacts: [{ fullName: '张三' }],
  });
  const yuan = [600_000, 150_000, 8_000][n % 3]!;
  await send(`/api/customers/${String(customerId)}/purchases`, {
    purchasedOn: '2026-10-01',
    product: '企业版年度许可',
    amount: { amount: `${yuan}.00`, currency: 'CNY' },
  });
  await send(`/api/customers/${String(customerId)}/interactions`, {
    channel: (['call', 'visit', 'meeting'] as const)[n % 3]!,
    purpose: 'needs',
    startedAt: '2026-10-01T10:00:00+08:00',
    endedAt: '2026-10-01T10:30:00+08:00',
    content: '讨论续约与新需求。',
    nextSteps: [{ text: '寄方案', owner: 'demo-account-manager', dueOn: '2026-10-08', priority: 'high' }],
  });
  for (const level of ['L1', 'L3']) {
    const { id } = await send('/api/tickets', {
      customerId,
      kind: 'support',
      level,
      channel: 'phone',
      subject: '系统数据同步异常',
    });
    for (let response = 0; response <= n % 2; response += 1) {
      await send(`/api/tickets/${String(id)}/responses`, { text: '您好，问题已受理，正在处理。' });
    }
  }
  await send('/api/surveys/answers', {
    customerId,
    answeredOn: '2026-10-02',
    scores: { productQuality: 1 + (n % 5), responseSpeed: 3 },
  });
}
