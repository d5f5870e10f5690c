import { Catch, Logger, type RpcExceptionFilter } from '@nestjs/common';
import { Problem, type ProblemDetails } from '@rapport/platform';
import { throwError, type Observable } from 'rxjs';
import { withoutMessage } from './withoutMessage.ts';

/** A failure as it travels between services. */
export interface WireProblem {
  readonly problem: ProblemDetails;
}

export function isWireProblem(value: unknown): value is WireProblem {
  return typeof value === 'object' && value !== null && 'problem' in value;
}

/** Turns what a message handler throws into a problem for the wire; defects are logged here, where they happened. */
@Catch()
export class ProblemFilter implements RpcExceptionFilter {
  private readonly logger = new Logger('messages');

  catch(thrown: unknown): Observable<never> {
    if (thrown instanceof Problem) return throwError((): WireProblem => ({ problem: thrown.details }));
    this.logger.error(withoutMessage(thrown));
    return throwError((): WireProblem => ({
      problem: { kind: 'internal', detail: 'Something went wrong on our side; it has been logged.' },
    }));
  }
}
