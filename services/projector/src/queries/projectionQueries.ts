import { Controller } from '@nestjs/common';
import type { Page, QueryAnswer, QueryMessage } from '@rapport/contracts';
import { firstOfEachThatFit, ServesQuery } from '@rapport/messaging';
import { Problem } from '@rapport/platform';
import { fromViews } from './fromViews.ts';
import { PAGE_BYTES } from './pages.ts';
import { Views } from './views.ts';

type OfView<More = object> = QueryMessage<More & { readonly view: string }>;

/** Operating the projections: state, parked keys, the next version beside the live one. */
@Controller()
export class ProjectionQueries {
  constructor(private readonly views: Views) {}

  /** Of the parked keys as many as fit, and how many there are. */
  @ServesQuery('projections.status')
  async status(): Promise<QueryAnswer> {
    const kept = await fromViews(() => this.views.kept.status());
    const parked = firstOfEachThatFit(
      kept.map((projection) => projection.parked),
      PAGE_BYTES,
    );
    const projections = kept.map((projection, n) => ({
      ...projection,
      parked: parked[n]!,
    }));
    return { body: { projections }, stale: false };
  }

  /** All that is parked in the answering version, in order of key. */
  @ServesQuery('projections.parked')
  async parked({ parameters }: OfView<Page>): Promise<QueryAnswer> {
    const { view, cursor, limit = 50 } = parameters;
    const query = `projections.parked ${view}`;
    const after = this.views.openCursor(query, cursor);
    const found = await fromViews(() =>
      this.views.kept.parked(view, { limit: limit + 1, ...(after !== undefined && { after: after.key }) }),
    );
    const items = found.slice(0, limit);
    const last = found.length > limit ? items.at(-1) : undefined;
    const { body, next } = this.views.answerPage(query, {
      items,
      ...(last !== undefined && { after: { value: null, key: last.key } }),
    });
    return { body, stale: false, ...(next !== undefined && { next }) };
  }

  @ServesQuery('projections.unpark')
  async unpark({ parameters: { view, key } }: OfView<{ key: string }>): Promise<QueryAnswer> {
    const body = await fromViews(() => this.views.kept.unpark(view, key));
    if (body.status === 'not-owner') {
      throw new Problem({
        kind: 'unavailable',
        detail: 'Another projector owns this view. Try again.',
        retryAfter: 1,
      });
    }
    return { body, stale: false };
  }

  @ServesQuery('projections.rebuild')
  async rebuild({ parameters: { view } }: OfView): Promise<QueryAnswer> {
    return { body: await fromViews(() => this.views.kept.rebuild(view)), stale: false };
  }

  @ServesQuery('projections.compare')
  async compare({ parameters: { view } }: OfView): Promise<QueryAnswer> {
    return { body: await fromViews(() => this.views.kept.compare(view)), stale: false };
  }

  @ServesQuery('projections.switch')
  async switchTo({ parameters: { view, version } }: OfView<{ version: number }>): Promise<QueryAnswer> {
    await fromViews(() => this.views.kept.switchTo(view, version));
    return { body: { view, version }, stale: false };
  }
}
