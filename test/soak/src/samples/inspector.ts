import { systemTimers } from '@rapport/platform';
import WebSocket from 'ws';

/** Memory of a Node.js process right after a full garbage collection, in bytes. */
export interface CollectedMemory {
  readonly heapUsed: number;
  /** Memory that JavaScript objects hold outside the heap, array buffers included. */
  readonly external: number;
  /** What the heap may grow to. */
  readonly heapLimit: number;
}

interface Reply {
  readonly id?: number;
  readonly result?: { readonly result?: { readonly value?: unknown } };
  readonly error?: { readonly message: string };
}

const PATIENCE_MS = 10_000;

const FIGURES = `(() => {
  const { heapUsed, external } = process.memoryUsage();
  const heapLimit = process.getBuiltinModule('node:v8').getHeapStatistics().heap_size_limit;
  return { heapUsed, external, heapLimit };
})()`;

/**
 * Collects a process's garbage and reads what is left, from outside: a heap says nothing of leaks while garbage stands in
 * it. Node.js opens its inspector when it is sent SIGUSR1; `--inspect-port=0` lets it take any free port, which it prints.
 *
 * @param words what the process has printed since it started
 * @throws Error where it does not answer
 */
export async function collectedMemory(pid: number, words: () => string): Promise<CollectedMemory> {
  const socket = new WebSocket(await inspectorUrl(pid, words), { handshakeTimeout: PATIENCE_MS });
  try {
    await opened(socket);
    const giveUp = systemTimers.schedule(PATIENCE_MS, () => socket.terminate());
    try {
      await call(socket, 1, 'HeapProfiler.collectGarbage', {});
      const { result } = await call(socket, 2, 'Runtime.evaluate', {
        expression: FIGURES,
        returnByValue: true,
      });
      return result!.value as CollectedMemory;
    } finally {
      giveUp();
    }
  } finally {
    socket.terminate();
  }
}

async function inspectorUrl(pid: number, words: () => string): Promise<string> {
  const printed = (): string | undefined => /^Debugger listening on (ws:\S+)$/m.exec(words())?.[1];
  for (let waited = 0; waited < PATIENCE_MS; waited += 50) {
    const url = printed();
    if (url !== undefined) return url;
    if (waited === 0) process.kill(pid, 'SIGUSR1');
    await systemTimers.sleep(50);
  }
  throw new Error(`process ${pid} does not open its inspector`);
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
}

function call(
  socket: WebSocket,
  id: number,
  method: string,
  params: object,
): Promise<NonNullable<Reply['result']>> {
  return new Promise((resolve, reject) => {
    const heard = (data: WebSocket.RawData): void => {
      const reply = JSON.parse(String(data)) as Reply;
      if (reply.id !== id) return;
      socket.off('message', heard);
      if (reply.result === undefined) reject(new Error(`${method}: ${reply.error?.message}`));
      else resolve(reply.result);
    };
    socket.on('message', heard);
    socket.once('close', () => reject(new Error(`${method}: the inspector went away`)));
    socket.send(JSON.stringify({ id, method, params }));
  });
}
