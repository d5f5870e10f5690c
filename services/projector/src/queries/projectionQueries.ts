import { Controller } from '@nestjs/common';
import type { QueryAnswer, QueryMessage } from '@rapport/contracts';
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
      parkedKeys: projection.parked.length,
    }));
    return { body: { projections }, stale: false };
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
