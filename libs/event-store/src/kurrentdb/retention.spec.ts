import { describe, expect, it } from '@jest/globals';
import { assertKeepingDefaults, Retention } from './retention.ts';

const damaged = expect.objectContaining({ failure: 'damaged' });

describe('retention', () => {
  it.each([{ $maxCount: 5 }, { $maxAge: 60 }, { $tb: 3 }, { maxCount: 5 }])('is refused: %j', (metadata) => {
    const retention = new Retention();
    retention.see('$$ticket-1', metadata);
    expect(retention.fault).toMatchObject({ failure: 'damaged' });
    expect(() => assertKeepingDefaults(metadata)).toThrow(damaged);
    retention.see('$$ticket-2', {});
    expect(retention.fault?.message).toContain('ticket-1');
    retention.see('$$ticket-1', { $acl: {} });
    expect(retention.fault).toBeUndefined();
  });

  it.each([{}, { $acl: { $r: 'x' } }, { $tb: 0 }, 'no object', null, undefined])('lets %j be', (metadata) => {
    const retention = new Retention();
    retention.see('$$ticket-1', metadata);
    expect(retention.fault).toBeUndefined();
    expect(() => assertKeepingDefaults(metadata)).not.toThrow();
  });
});
