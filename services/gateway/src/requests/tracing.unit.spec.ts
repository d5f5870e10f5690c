import { describe, expect, it } from '@jest/globals';
import { tracingOf } from './tracing.ts';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('what travels beside a request', () => {
  it('is its correlation id, and the trace that the sender began', () => {
    expect(tracingOf({ headers: { traceparent } }, 'c')).toEqual({ correlationId: 'c', traceparent });
    expect(tracingOf({ headers: {} }, 'c')).toEqual({ correlationId: 'c' });
  });

  it.each([
    ['of no span', traceparent.replace('00f067aa0ba902b7', '0'.repeat(16))],
    ['of another version', traceparent.replace(/^00/, 'ff')],
    ['that is none', 'x\r\ny'],
  ])('is never a trace %s', (_what, sent) => {
    expect(tracingOf({ headers: { traceparent: sent } }, 'c')).toEqual({ correlationId: 'c' });
  });
});
