import { categoryOf, type UnreadableEvent } from '@rapport/contracts';
import { followingAlerts, LogFollower, type Ledger, type ServiceRuntime } from '@rapport/event-sourcing';
import { StoreError } from '@rapport/event-store';
import { Problem, type Followers, type Timers } from '@rapport/platform';
import type { ErasureFront } from './erasureFront.ts';

/** Carries out erasures as the log tells them. That keys could not be erased is another alert than a log that is away. */
export function followErasures(
  ledger: Ledger,
  front: ErasureFront,
  {
    timers,
    alert,
    followers,
    categories,
  }: {
    readonly timers: Timers;
    readonly followers: Pick<Followers, 'register'>;
    readonly alert: ServiceRuntime['alert'];
    /** Only these streams are followed: where nobody waits for the front. Default: all. */
    readonly categories?: readonly string[];
  },
): LogFollower {
  const failed = (error: unknown): void => {
    const away = error instanceof StoreError || (error instanceof Problem && error.kind === 'unavailable');
    alert(away ? 'following the log failed' : 'erasing keys failed', {
      service: 'erasure',
      error: error instanceof Error ? error.name : typeof error,
    });
  };
  const alerts = followingAlerts(alert, 'erasure');
  // Others carry out nothing here. It may be an erasure; a release that reads it carries it out.
  const unreadable = (event: UnreadableEvent): void => {
    if (categoryOf(event.stream) === 'person') alerts.unreadable(event);
  };
  return new LogFollower(
    ledger,
    timers,
    [front.observe],
    { failed, unreadable },
    {
      followers,
      kind: 'erasure',
      name: 'persons',
      ...(categories !== undefined && { categories }),
    },
  );
}
