import { invalidInput } from '@rapport/platform';
import type { CommandDefinition, PayloadOf } from '../commands/commandDefinition.ts';
import { UUID } from '../fields/uuid.ts';
import { CompiledValidationPipe } from './compiledValidationPipe.ts';
import { isPlainObject } from './plainObject.ts';

const pipe = new CompiledValidationPipe();

/**
 * Checks a command's payload, body and targets together, as the gateway checks the two apart: for imports and the
 * demo, which send without HTTP.
 *
 * @param payload of JSON values, text in NFC
 * @throws Problem `invalid-input` naming each field
 */
export async function validateCommand<Definition extends CommandDefinition>(
  definition: Definition,
  payload: unknown,
): Promise<PayloadOf<Definition>> {
  if (!isPlainObject(payload)) throw invalidInput('payload', 'must be an object');
  const body: Record<string, unknown> = { ...payload };
  const targets: Record<string, string> = {};
  for (const target of definition.targets) {
    targets[target] = idOf(target, body[target]);
    delete body[target];
  }
  const valid = await pipe.transform(body, { type: 'body', metatype: definition.body });
  return { ...(valid as object), ...targets } as PayloadOf<Definition>;
}

function idOf(target: string, value: unknown): string {
  if (target === 'policy') {
    if (typeof value === 'string' && /^[a-z][a-z-]{0,40}$/.test(value)) return value;
    throw invalidInput(target, 'must be the name of a policy');
  }
  if (typeof value === 'string' && UUID.test(value)) return value;
  throw invalidInput(target, 'must be a UUID in lower case');
}
