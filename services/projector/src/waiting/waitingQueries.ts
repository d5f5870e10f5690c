import { Controller, Inject } from '@nestjs/common';
import { parsePositionToken, type ListParked, type QueryAnswer, type QueryMessage } from '@rapport/contracts';
import type { AskedDues, AskedParked } from '@rapport/event-sourcing';
import { ServesQuery } from '@rapport/messaging';
import type { DocumentBody } from '@rapport/views';
import { PROJECTOR_RUNTIME, type ProjectorRuntime } from '../projectorRuntime.ts';
import { fromViews } from '../queries/fromViews.ts';
import { Views } from '../queries/views.ts';
import { Claims } from './claims.ts';

/** How long is waited for the position that a sweep names, in ms. */
const WAIT_MS = 2_000;

/** Where something waits: a view, whose documents wait for the instant in `by`, in the place of `of`. */
interface Waiting {
  readonly view: string;
  readonly of: string;
  readonly by: string;
  readonly keyOf: (body: DocumentBody) => string;
}

const DUES: Waiting = {
  view: 'deadlines',
  of: 'context',
  by: 'fireAt',
  keyOf: ({ deadlineId, generation }) => `${String(deadlineId)}/${String(generation)}`,
};
const PARKED: Waiting = {
  view: 'parked',
  of: 'owner',
  by: 'retryAt',
  keyOf: ({ id, attempt }) => `${String(id)}/${String(attempt)}`,
};

type Asked = Omit<AskedDues, 'context'>;

/** What waits for its instant: handed out to services, and shown to operators. */
@Controller()
export class WaitingQueries {
  private readonly claims: Claims;

  constructor(
    private readonly views: Views,
    @Inject(PROJECTOR_RUNTIME) { monotonic }: ProjectorRuntime,
  ) {
    this.claims = new Claims(monotonic);
  }

  /** Asked by services only. */
  @ServesQuery('deadlines.due')
  dues({ parameters }: { readonly parameters: AskedDues }): Promise<QueryAnswer> {
    return fromViews(() => this.handOut(DUES, parameters.context, parameters));
  }

  /** Asked by services only. */
  @ServesQuery('retries.due')
  parkedDue({ parameters }: { readonly parameters: AskedParked }): Promise<QueryAnswer> {
    const { owner, reason } = parameters;
    return fromViews(() => this.handOut(PARKED, owner, parameters, reason === undefined ? {} : { reason }));
  }

  /** What waits longest to be tried again comes last. */
  @ServesQuery('parked.list')
  parked(message: QueryMessage<ListParked>): Promise<QueryAnswer> {
    const { owner } = message.parameters;
    return this.views.answer([PARKED.view], message, () =>
      this.views.page(PARKED.view, 'parked.list', message.parameters, {
        ...(owner !== undefined && { filter: { owner } }),
        sort: { by: PARKED.by, direction: 'asc' },
      }),
    );
  }

  private async handOut(
    waiting: Waiting,
    of: string,
    asked: Asked,
    only: Readonly<Record<string, string>> = {},
  ): Promise<QueryAnswer> {
    const { view, by } = waiting;
    const { before, limit, after } = asked;
    const stale = after !== undefined && !(await this.shows(view, after));
    const items: DocumentBody[] = [];
    let place = this.views.openCursor(view, asked.cursor);
    do {
      const order = {
        filter: { [waiting.of]: of, ...only, [by]: { lt: before } },
        sort: { by, direction: 'asc' },
      } as const;
      const { placed, end } = await this.views.find(view, order, limit, place);
      place = end;
      for (const { item, place: own } of placed) {
        if (!this.claims.take(waiting.keyOf(item), asked.by)) continue;
        items.push(item);
        if (items.length < limit) continue;
        place = own;
        break;
      }
    } while (items.length < limit && place !== undefined);
    if (place !== undefined) return { body: { items, next: this.views.sealCursor(view, place) }, stale };
    const nextAt = await this.nextAt(waiting, of, before);
    return { body: { items, ...(nextAt !== undefined && { nextAt }) }, stale };
  }

  private async nextAt({ view, of, by }: Waiting, whose: string, before: string): Promise<unknown> {
    const order = {
      filter: { [of]: whose, [by]: { gte: before } },
      sort: { by, direction: 'asc' },
    } as const;
    const { placed } = await this.views.find(view, order, 1);
    return placed[0]?.item[by];
  }

  private async shows(view: string, after: string): Promise<boolean> {
    const token = parsePositionToken(after);
    return token !== undefined && (await this.views.reached(token.position, WAIT_MS, [view]));
  }
}
