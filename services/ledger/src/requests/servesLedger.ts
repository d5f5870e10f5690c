import { applyDecorators, UseFilters } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { HISTORY_SUBJECTS, LEDGER_SUBJECTS } from '@rapport/event-sourcing';
import { ProblemFilter, type Waiting } from '@rapport/messaging';

/** The method answers this request for the ledger; where it is one of history's, to subscribers as well. */
export function ServesLedger(request: keyof typeof LEDGER_SUBJECTS, extras?: Waiting): MethodDecorator {
  const outside = HISTORY_SUBJECTS[request];
  const pattern =
    outside === undefined
      ? MessagePattern(LEDGER_SUBJECTS[request], { ...extras })
      : MessagePattern([LEDGER_SUBJECTS[request], outside], { ...extras, outside });
  return applyDecorators(pattern, UseFilters(ProblemFilter));
}
