import { describe, expect, it } from '@jest/globals';
import { parseErasedPersons } from './erasedPersons.ts';

const customerId = '0190c0de-0000-7000-8000-0000000000c1';
const personId = '0190c0de-0000-5000-8000-0000000000a1';

describe('a list of erased persons', () => {
  it('is read from words and from lines of JSON, each person once', () => {
    const text = `# exported on Monday\r\n\n${customerId} ${personId}\r\n${customerId},${customerId}
{"customerId":"${customerId}","isCustomer":false,"personId":"${personId}"}\n`;
    expect(parseErasedPersons(text)).toEqual([
      { customerId, personId },
      { customerId, personId: customerId },
    ]);
  });

  it.each([personId, `${customerId} 张三`, `${customerId} ${personId} x`, '{"customerId":1}', '{"personId"'])(
    'is refused by its line, which is not repeated: %s',
    (line) => {
      const refusal = (() => {
        try {
          parseErasedPersons(`\n${line}`);
        } catch (error) {
          return error as Error;
        }
        return undefined;
      })();
      expect(refusal).toMatchObject({ name: 'UsageError', message: expect.stringContaining('line 2') });
      expect(refusal!.message).not.toContain(line);
    },
  );
});
