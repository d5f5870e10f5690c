import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { invalidInput } from '@rapport/platform';

/** Refuses what is no QueryMessage, whoever sends it: handlers trust its shape. Its parameters the gateway has checked. */
export class QueryMessagePipe implements PipeTransform {
  transform(message: unknown, { type }: ArgumentMetadata): unknown {
    if (type !== 'body') return message;
    const { parameters, actor, after } = isObject(message) ? message : {};
    if (!isObject(parameters)) throw invalidInput('parameters', 'must be an object');
    if (actor !== undefined && !isActor(actor)) {
      throw invalidInput('actor', 'must have an id and a list of roles');
    }
    if (after !== undefined && typeof after !== 'string') {
      throw invalidInput('after', 'must be the position of a command’s answer');
    }
    return message;
  }
}

function isActor(actor: unknown): boolean {
  if (!isObject(actor)) return false;
  const { id, roles } = actor;
  return typeof id === 'string' && Array.isArray(roles) && roles.every((role) => typeof role === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
