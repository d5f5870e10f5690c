import { StoreError } from '@rapport/event-store';
import { Problem } from '@rapport/platform';
import { ViewStoreError } from '../viewStoreError.ts';

/** What went wrong, by name and code: `ViewStoreError full`. Never the message, which may hold personal data. */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = codeOf(error);
  return code === undefined ? error.name : `${error.name} ${code}`;
}

function codeOf(error: Error): string | number | undefined {
  if (error instanceof ViewStoreError || error instanceof StoreError) return error.failure;
  if (error instanceof Problem) return error.kind;
  const { code } = error as { code?: unknown };
  return typeof code === 'number' || (typeof code === 'string' && /^\w+$/.test(code)) ? code : undefined;
}
