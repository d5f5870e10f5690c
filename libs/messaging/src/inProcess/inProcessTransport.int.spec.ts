import { describe, expect, it } from '@jest/globals';
import { invalidInput } from '@rapport/platform';
import { encodingConformance } from '../conformance/encodingConformance.ts';
import { serve, transportConformance } from '../conformance/transportConformance.ts';
import { inProcessHarness } from '../conformance/inProcessHarness.ts';
import { Gate, gatedModule } from '../conformance/gatedModule.ts';
import { waitingConformance } from '../conformance/waitingConformance.ts';
import { InProcessTransport } from './inProcessTransport.ts';

transportConformance('the in-process transport, as it is', inProcessHarness(false));
transportConformance('the in-process transport, encoding', inProcessHarness(true));
waitingConformance('the in-process transport, as it is', inProcessHarness(false));
waitingConformance('the in-process transport, encoding', inProcessHarness(true));
encodingConformance('the in-process transport, encoding', inProcessHarness(true));

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

describe('the in-process transport', () => {
  it('does not begin what its sender has gone from before its turn', async () => {
    const gate = new Gate();
    const inProcess = new InProcessTransport({ limits: { running: 1, waiting: 1 } });
    const service = await serve(inProcess.server(), gatedModule(gate));
    const first = inProcess.request('hold', { name: 'first' });
    let there = true;
    const gone = inProcess.request('hold', { name: 'gone' }, { wanted: () => there });
    there = false;
    await gate.reached(1);
    gate.open();
    expect(await first).toBe('first');
    await expect(gone).rejects.toMatchObject({ kind: 'unavailable' });
    expect(gate.begun).toEqual(['first']);
    await service.close();
  });

  it('has places for each context: one that asks another holds none that the other needs', async () => {
    const gate = new Gate();
    const inProcess = new InProcessTransport({ limits: { running: 1, waiting: 0 } });
    const service = await serve(inProcess.server(), gatedModule(gate));
    const held = inProcess.request('hold', { name: 'held' });
    const command = inProcess.request('commands.v1.tickets.CloseTicket', { payload: {}, meta: {} });
    await gate.reached(2);
    await expect(inProcess.request('hold', { name: 'too much' })).rejects.toThrow('hold');
    gate.open();
    expect(await Promise.all([held, command])).toEqual(['held', 'command']);
    await service.close();
  });
});

describe('a problem for the wire', () => {
  it('is what Problem holds, and nothing else', () => {
    const before = invalidInput('f', 'm').details;
    expect(JSON.parse(JSON.stringify(before))).toEqual(before);
  });
});
