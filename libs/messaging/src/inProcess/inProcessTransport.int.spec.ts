import { describe, expect, it } from '@jest/globals';
import { invalidInput } from '@rapport/platform';
import { encodingConformance } from '../conformance/encodingConformance.ts';
import { serve, transportConformance, type MakeTransport } from '../conformance/transportConformance.ts';
import { InProcessTransport } from './inProcessTransport.ts';

const transport =
  (encode: boolean): MakeTransport =>
  async (timers) => {
    const inProcess = new InProcessTransport({ encode, timers });
    return { client: inProcess, strategy: () => inProcess.server(), dispose: async () => undefined };
  };

transportConformance('the in-process transport, as it is', transport(false));
transportConformance('the in-process transport, encoding', transport(true));
encodingConformance('the in-process transport, encoding', transport(true));

describe.each([
  ['as it is', false],
  ['encoding', true],
])('the in-process transport, %s', (_name, encode) => {
  it('refuses a second server of one subject, and the first one goes on', async () => {
    const inProcess = new InProcessTransport({ encode });
    const first = await serve(inProcess.server());
    await expect(serve(inProcess.server())).rejects.toThrow('two handlers for echo');
    expect(await inProcess.request('echo', { still: 'here' })).toEqual({ still: 'here' });
    await first.close();
  });
});

describe('a problem for the wire', () => {
  it('is what Problem holds, and nothing else', () => {
    const before = invalidInput('f', 'm').details;
    expect(JSON.parse(JSON.stringify(before))).toEqual(before);
  });
});
