import { LogFollower, type Ledger, type ServiceRuntime } from '@rapport/event-sourcing';
import { StoreError } from '@rapport/event-store';
import { Problem, type Timers } from '@rapport/platform';
import type { ErasureFront } from './erasureFront.ts';

/** Carries out erasures as the log tells them. That keys could not be erased is another alert than a log that is away. */
export function followErasures(
  ledger: Ledger,
  front: ErasureFront,
  { timers, alert }: { readonly timers: Timers; readonly alert: ServiceRuntime['alert'] },
): LogFollower {
  return new LogFollower(ledger, timers, [front.observe], (error) => {
    const away = error instanceof StoreError || (error instanceof Problem && error.kind === 'unavailable');
    alert(away ? 'following the log failed' : 'erasing keys failed', {
      service: 'erasure',
      error: error instanceof Error ? error.name : typeof error,
    });
  });
}
