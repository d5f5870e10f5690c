import { describe, expect, it } from '@jest/globals';
import { withoutMessage } from './withoutMessage.ts';

describe('what is logged of a defect', () => {
  it('is its name and where it happened, and nothing of its message', () => {
    const told = withoutMessage(new TypeError('张三 is no number\n    at 13800138000 (x:1:1)'));
    expect(told.error).toBe('TypeError');
    expect(told.stack).toMatch(/^ {4}at .*withoutMessage\.spec/);
    expect(JSON.stringify(told)).not.toMatch(/张三|138001/);
  });

  it('is nothing of a message that was changed afterwards either', () => {
    const error = new Error('张三');
    error.message = 'something else';
    expect(withoutMessage(error).stack).not.toContain('张三');
  });

  it('is the type of what is no error', () => {
    expect(withoutMessage('张三')).toEqual({ error: 'string' });
  });
});
