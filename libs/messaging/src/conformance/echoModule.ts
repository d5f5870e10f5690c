import { Controller, Module, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { Problem, ruleViolated } from '@rapport/platform';
import { EMPTY, of } from 'rxjs';
import { ProblemFilter } from '../problemFilter.ts';
import { MAX_MESSAGE_BYTES } from '../requestClient.ts';
import { RequestContext } from '../requestContext.ts';
import { ServesQuery } from '../serves.ts';

/** Every message that an Echo was given, until a test empties it. */
export const received: unknown[] = [];

export const PROBLEM = {
  kind: 'invalid-input',
  detail: 'The field 客户 is not acceptable.',
  errors: [{ field: 'contacts[0].phone', message: 'must be a phone number' }],
  rule: 'R-007',
  retryAfter: 3,
} as const;

const REPLIES = {
  nothing: () => undefined,
  observable: () => of({ from: 'an observable' }),
  emptyObservable: () => EMPTY,
  map: () => new Map(),
  huge: () => ({ text: 'x'.repeat(MAX_MESSAGE_BYTES) }),
  problem: () => {
    throw new Problem(PROBLEM);
  },
  rejected: () => Promise.reject(ruleViolated('R-074', 'No close without a return visit.')),
  defect: () => {
    throw new TypeError('secret 13812345678');
  },
};

@Controller()
@UseFilters(ProblemFilter)
class Echo {
  @MessagePattern('echo')
  echo(message: object): object {
    received.push(message);
    return message;
  }

  @ServesQuery('echo')
  query(message: object): object {
    return message;
  }

  @MessagePattern('circumstances')
  circumstances(@Payload() _message: object, @Ctx() { correlationId, traceparent }: RequestContext): object {
    return { correlationId, traceparent };
  }

  @MessagePattern('reply')
  reply({ what }: { what: keyof typeof REPLIES }): unknown {
    return REPLIES[what]();
  }

  @MessagePattern('never')
  never(): Promise<never> {
    return new Promise(() => undefined);
  }
}

/** A service that answers in every way that a service can. */
@Module({ controllers: [Echo] })
export class EchoModule {}
