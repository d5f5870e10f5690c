import { failureText, ViewStoreError, type RunnerEvents } from '@rapport/views';
import type { ProjectorRuntime } from '../projectorRuntime.ts';

/** What runners tell, as alerts. */
export function projectionAlerts(alert: ProjectorRuntime['alert']): RunnerEvents {
  return {
    parked: ({ projection, stream, index, reason }) =>
      alert('key parked', { projection, stream, index, reason }),
    fenced: (fenced) => alert('projection fenced', { reason: fenced.message }),
    failed: (projection, error) => alert('projection stopped', { projection, ...failureFacts(error) }),
    retrying: (projection, error) => {
      if (!(error instanceof ViewStoreError) || error.failure !== 'unexpected') return;
      alert('projection is tried again', { projection, ...failureFacts(error) });
    },
    keysUnavailable: (projection) => alert('projection waits for keys', { projection }),
  };
}

export function failureFacts(error: unknown): Readonly<Record<string, string>> {
  return {
    error: failureText(error),
    // Names places and codes, never what is stored.
    ...(error instanceof ViewStoreError && { reason: error.message }),
  };
}
