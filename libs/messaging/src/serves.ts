import { applyDecorators, UseFilters, UsePipes } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { COMMANDS, type CommandDefinition } from '@rapport/contracts';
import { ProblemFilter } from './problemFilter.ts';
import { QueryMessagePipe } from './queryMessagePipe.ts';

export function commandSubject(definition: CommandDefinition): string {
  return `commands.v1.${definition.name}`;
}

export function querySubject(query: string): string {
  return `queries.v1.${query}`;
}

/** The method decides this command. */
export function ServesCommand(command: keyof typeof COMMANDS): MethodDecorator {
  return applyDecorators(MessagePattern(commandSubject(COMMANDS[command])), UseFilters(ProblemFilter));
}

/** The method answers this query. */
export function ServesQuery(query: string): MethodDecorator {
  return applyDecorators(
    MessagePattern(querySubject(query)),
    UsePipes(QueryMessagePipe),
    UseFilters(ProblemFilter),
  );
}
