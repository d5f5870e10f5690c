import { Problem } from '@rapport/platform';
import { UnreadableStream } from '../ledger/unreadableStream.ts';

const TRANSIENT: ReadonlySet<string> = new Set(['unavailable', 'revision-conflict', 'too-many-requests']);

/** Whether a failure goes away by itself: nothing is parked for it, it is tried again. */
export function isTransient(error: unknown): boolean {
  return error instanceof Problem && TRANSIENT.has(error.kind);
}

/** Kind or type of an error; never its message, which may hold personal data. */
export function reasonOf(error: unknown): string {
  if (error instanceof UnreadableStream) return error.event.unreadable;
  if (error instanceof Problem) return error.kind;
  return error instanceof Error ? error.name : typeof error;
}
