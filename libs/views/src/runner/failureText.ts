import { StoreError } from '@rapport/event-store';
import { Problem } from '@rapport/platform';
import { ViewStoreError } from '../viewStoreError.ts';

/** What went wrong, by name and code: `ViewStoreError full`. Never the message, which may hold personal data. */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = codeOf(error);
  return code === undefined ? error.name : `${error.name} ${code}`;
}

/** Why a key is parked: the error's name, and what failed where the store says so. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const text = error instanceof ViewStoreError ? failureText(error) : error.name;
  return text.slice(0, LONGEST_REASON);
}

const LONGEST_REASON = 80;

function codeOf(error: Error): string | number | undefined {
  if (error instanceof ViewStoreError || error instanceof StoreError) return error.failure;
  if (error instanceof Problem) return error.kind;
  const { code } = error as { code?: unknown };
  return typeof code === 'number' || (typeof code === 'string' && /^\w+$/.test(code)) ? code : undefined;
}
