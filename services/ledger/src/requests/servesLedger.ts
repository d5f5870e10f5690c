import { applyDecorators, UseFilters } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { LEDGER_SUBJECTS } from '@rapport/event-sourcing';
import { ProblemFilter, type Waiting } from '@rapport/messaging';

/** The method answers this request for the ledger. */
export function ServesLedger(request: keyof typeof LEDGER_SUBJECTS, extras?: Waiting): MethodDecorator {
  return applyDecorators(MessagePattern(LEDGER_SUBJECTS[request], extras ?? {}), UseFilters(ProblemFilter));
}
