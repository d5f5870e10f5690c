import { describe, expect, it } from '@jest/globals';
import { validate } from 'class-validator';
import { Text } from './fields.ts';

class Note {
  @Text({ max: 20 })
  line!: string;

  @Text({ max: 20, multiline: true })
  lines!: string;
}

async function refused(part: Partial<Note>): Promise<string[]> {
  const errors = await validate(Object.assign(new Note(), { line: 'x', lines: 'x' }, part));
  return errors.map(({ property }) => property);
}

describe('text', () => {
  it.each(['\u202a', '\u202e', '\u2066', '\u2069', '\u0000', '\n', '\u2028'])(
    'of one line holds no character that turns or breaks it (case %#)',
    async (character) => {
      expect(await refused({ line: `科技${character}公司` })).toEqual(['line']);
    },
  );

  it('of several lines may be written right to left', async () => {
    expect(await refused({ lines: 'a\n\u2067b\u2069' })).toEqual([]);
  });

  it('takes what names are written with, joiners too', async () => {
    expect(await refused({ line: 'می‌خواهم 👩‍👧' })).toEqual([]);
  });
});
