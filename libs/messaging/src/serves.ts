import { applyDecorators, UseFilters, UsePipes } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { COMMANDS, type CommandDefinition } from '@rapport/contracts';
import { ProblemFilter } from './problemFilter.ts';
import { QueryMessagePipe } from './queryMessagePipe.ts';
import type { RequestContext } from './requestContext.ts';

export function commandSubject(definition: CommandDefinition): string {
  return `commands.v1.${definition.name}`;
}

export function querySubject(query: string): string {
  return `queries.v1.${query}`;
}

type CommandHandlerOf = (message: { readonly meta: object }, context: RequestContext) => unknown;

/** Puts beside a command's circumstances whether its sender still waits, so that it is known wherever it has to wait. */
const TellsWhetherWanted: MethodDecorator = (target, name, descriptor: PropertyDescriptor) => {
  Payload()(target, name, 0);
  Ctx()(target, name, 1);
  const handle = descriptor.value as CommandHandlerOf;
  descriptor.value = function (this: unknown, ...[message, context]: Parameters<CommandHandlerOf>): unknown {
    return handle.call(this, { ...message, meta: { ...message.meta, wanted: context.wanted } }, context);
  };
};

/** The method decides this command. */
export function ServesCommand(command: keyof typeof COMMANDS): MethodDecorator {
  return applyDecorators(
    TellsWhetherWanted,
    MessagePattern(commandSubject(COMMANDS[command])),
    UseFilters(ProblemFilter),
  );
}

/** The method answers this query. */
export function ServesQuery(query: string): MethodDecorator {
  return applyDecorators(
    MessagePattern(querySubject(query)),
    UsePipes(QueryMessagePipe),
    UseFilters(ProblemFilter),
  );
}
