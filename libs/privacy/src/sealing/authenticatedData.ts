/** The command's part of an envelope that a sealed field is bound to. */
export interface SealingContext {
  readonly tenant: string;
  readonly stream: string;
  readonly commandId: string;
}

/**
 * What a sealed field is bound to (contract.md): `tenant|stream|type|field path|commandId`.
 *
 * @param pointer JSON pointer of the field below `data`: `/nextSteps/0/text`
 */
export function authenticatedData(context: SealingContext, type: string, pointer: string): string {
  return `${context.tenant}|${context.stream}|${type}|${pointer}|${context.commandId}`;
}

/** The field's JSON pointer in authenticated data; undefined where it is none. */
export function pointerOf(authenticated: string): string | undefined {
  return authenticated.split('|')[3];
}
