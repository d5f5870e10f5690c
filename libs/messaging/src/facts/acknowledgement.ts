import type { Acknowledgement } from './commitTurns.ts';

interface PublishAnswer {
  readonly seq?: unknown;
  readonly error?: { readonly code?: unknown; readonly err_code?: unknown; readonly description?: unknown };
}

/** Reads JetStream's answer to a publish. Never throws: it is called inside a subscription's callback. */
export function readAcknowledgement(status: number, data: Uint8Array): Acknowledgement {
  // 503: no stream listens on the subject, or it has no leader just now.
  if (status !== 0) return { kind: 'refused', reason: `status ${status}` };
  let answer: PublishAnswer;
  try {
    answer = JSON.parse(
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString(),
    ) as PublishAnswer;
  } catch {
    return { kind: 'refused', reason: 'an answer that is no JSON' };
  }
  const { seq, error } = answer;
  if (error === undefined && typeof seq === 'number') return { kind: 'stored', sequence: seq };
  return { kind: 'refused', reason: `${String(error?.description)} (${String(error?.err_code)})` };
}
