import { spawn } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { until } from '@rapport/platform/testing';
import { collectedMemory } from './inspector.ts';

it('what a process still holds is told without its garbage', async () => {
  const program = `
    globalThis.held = Array.from({ length: 200000 }, (_, n) => ({ n: n + 0.5 }));
    setInterval(() => { for (let n = 0; n < 1e5; n += 1) globalThis.garbage = { n }; }, 10);
    console.error('ready');`;
  const child = spawn(process.execPath, ['--inspect-port=0', '-e', program], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  try {
    await until('the process', () => said.includes('ready'));
    const memory = await collectedMemory(child.pid!, () => said);
    // Each object with its number, and the list.
    expect(memory.heapUsed).toBeGreaterThan(200_000 * 32);
    expect(memory.heapUsed).toBeLessThan(30_000_000);
    expect(memory.heapLimit).toBeGreaterThan(memory.heapUsed);
    const again = await collectedMemory(child.pid!, () => said);
    expect(Math.abs(again.heapUsed - memory.heapUsed)).toBeLessThan(2_000_000);
  } finally {
    child.kill('SIGKILL');
  }
});
