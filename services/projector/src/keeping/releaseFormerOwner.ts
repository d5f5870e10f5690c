import type { ProjectionControl } from '@rapport/views';

/** For the only process that there is: whoever owned it before is gone, its lease need not be waited out. */
export async function releaseFormerOwner(control: ProjectionControl, projection: string): Promise<void> {
  const former = await control.currentEpoch(projection);
  if (former !== undefined && !former.released) await control.release(projection, former.epoch);
}
