import { startOfDay } from '@rapport/calendar';
import { Controller, Inject, Injectable } from '@nestjs/common';
import { derivedId, type AnswerSurvey, type CommandAnswer } from '@rapport/contracts';
import {
  AggregateCommands,
  CustomerDirectory,
  PolicyBook,
  SERVICE_RUNTIME,
  type CommandMessage,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { ServesCommand } from '@rapport/messaging';
import { surveyDecider, type Survey, type SurveyCommand } from './surveyDecider.ts';

@Injectable()
export class SurveyHandler extends AggregateCommands<Survey, SurveyCommand> {
  constructor(@Inject(SERVICE_RUNTIME) runtime: ServiceRuntime) {
    super(runtime, { via: 'satisfaction', category: 'survey', decider: surveyDecider });
  }
}

/** Commands on questionnaires; only translates. */
@Controller()
export class SurveyCommands {
  constructor(
    private readonly surveys: SurveyHandler,
    private readonly customers: CustomerDirectory,
    private readonly policies: PolicyBook,
  ) {}

  @ServesCommand('answerSurvey')
  async answer(message: CommandMessage<AnswerSurvey>): Promise<CommandAnswer> {
    const { payload: input, meta } = message;
    const { customerId, contactId } = input;
    const persons = await this.customers.require(customerId, contactId === undefined ? [] : [contactId]);
    const answerId = derivedId(meta.commandId, 'survey-answer');
    const tier = await this.customers.tier(customerId);
    // By the questionnaire of the day of the answer: what was asked then can't change during that day.
    const policy = this.policies.at('satisfaction', startOfDay(input.answeredOn));
    const command = { answerId, input, tier, policy, persons };
    return this.surveys.handle(command, answerId, 'AnswerSurvey', message, 'stream');
  }
}
