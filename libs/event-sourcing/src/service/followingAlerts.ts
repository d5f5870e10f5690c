import type { UnreadableEvent } from '@rapport/contracts';
import type { LostStream } from '../following/followedStreams.ts';
import type { FollowingReports } from './logFollower.ts';
import type { ServiceRuntime } from './serviceRuntime.ts';

/** What a service that follows the log tells the operator. */
export function followingAlerts(alert: ServiceRuntime['alert'], service: string): Required<FollowingReports> {
  return {
    failed: (error) =>
      alert('following the log failed', {
        service,
        error: error instanceof Error ? error.name : typeof error,
      }),
    unreadable: (event) => alert('event cannot be read', { service, ...unreadableFacts(event) }),
  };
}

/** Where an event stands that cannot be read, and why. */
export function unreadableFacts({
  stream,
  revision,
  position,
  type,
  version,
  unreadable,
}: UnreadableEvent): Readonly<Record<string, string | number>> {
  return {
    stream,
    revision,
    position,
    type,
    ...(version !== undefined && { version }),
    reason: unreadable,
  };
}

/** Tells of streams whose fold failed: commands that need them are refused until a release folds them. */
export function lostStreamAlert(
  alert: ServiceRuntime['alert'],
  service: string,
): (lost: readonly LostStream[]) => void {
  return (lost) => {
    for (const stream of lost) alert('stream cannot be folded', { service, ...stream });
  };
}
