import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/**
 * Nest's words as structured log lines. What ends the process is left out: it is told in one line of its own when
 * the process ends.
 */
export function nestLogger(log: Logger): LoggerService {
  const write =
    (level: 'info' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...rest: unknown[]): void => {
      const context = rest.at(-1);
      const from = typeof context === 'string' ? { context } : {};
      if (typeof message === 'object' && message !== null) log[level]({ ...from, ...message });
      else if (!String(message).includes('EADDRINUSE')) log[level](from, String(message));
    };
  return { log: () => undefined, warn: write('warn'), error: write('error'), fatal: write('fatal') };
}
