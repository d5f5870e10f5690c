const KINDS = ['inquiry', 'complaint', 'suggestion', 'support'] as const;
const LEVELS = ['L1', 'L2', 'L3'] as const;
const CHANNELS = ['phone', 'email', 'wechat'] as const;

/** What every arm is sent, to the byte: the n-th ticket and the n-th response. */
export function openTicketBody(customerId: string, n: number) {
  return {
    customerId,
    kind: KINDS[n % KINDS.length],
    level: LEVELS[n % LEVELS.length],
    channel: CHANNELS[n % CHANNELS.length],
    subject: `第 ${n % 1000} 号生产线的报表导出失败`,
  };
}

export function respondBody(n: number) {
  return {
    text: `您好，我们已经收到您反映的第 ${n % 1000} 号问题，工程师正在排查导出服务的日志，今天 18:00 前给您答复。`,
  };
}

export function customerBody(n: number) {
  return { name: `客户 ${n}`, kind: 'company' };
}
