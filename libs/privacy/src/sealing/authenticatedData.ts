import type { SealedValue } from '@rapport/contracts';
import { TamperedFieldError, UnknownSealError } from './sealedFieldErrors.ts';

/** The part of an event's envelope and place that its sealed fields are bound to. */
export interface SealingContext {
  readonly tenant: string;
  readonly stream: string;
  readonly commandId: string;
  /** Where the event stands in its stream; for one to be appended, the revision that the append expects it at. */
  readonly revision: number;
}

/** The forms in which fields have been sealed: what they are bound to differs. */
export type SealVersion = SealedValue['v'];

/**
 * What a sealed field is bound to (contract.md).
 * - `v: 1`: `tenant|stream|type|field path|commandId`
 * - `v: 2`: the same, then `|revision|owner id`, so that no value opens in another event or as another person's
 *
 * @param pointer JSON pointer of the field below `data`: `/nextSteps/0/text`
 * @param ownerId whose key seals it, as `data` says, never as the sealed value says
 */
export function authenticatedData(
  v: SealVersion,
  context: SealingContext,
  type: string,
  pointer: string,
  ownerId: string,
): string {
  const first = `${context.tenant}|${context.stream}|${type}|${pointer}|${context.commandId}`;
  if (v === 1) return first;
  if (!Number.isSafeInteger(context.revision)) throw new TypeError('a sealed field is bound to a revision');
  return `${first}|${context.revision}|${ownerId}`;
}

const PARTS: Readonly<Record<SealVersion, number>> = { 1: 5, 2: 7 };

/**
 * Passes when `authenticated` has as many parts as this form binds. Else a sealed value of one form could be opened as
 * one of the other, by an event whose command id was made to end with `|revision|owner id`.
 *
 * @throws TamperedFieldError, UnknownSealError
 */
export function checkParts(v: number, authenticated: string): void {
  const expected = (PARTS as Readonly<Record<number, number>>)[v];
  if (expected === undefined) throw new UnknownSealError(authenticated, v);
  let parts = 1;
  for (let at = authenticated.indexOf('|'); at !== -1; at = authenticated.indexOf('|', at + 1)) parts += 1;
  if (parts !== expected) throw new TamperedFieldError(authenticated, 'is bound in another form');
}

/** The field's JSON pointer in authenticated data; undefined where it is none. */
export function pointerOf(authenticated: string): string | undefined {
  return authenticated.split('|')[3];
}
