import type { Checkpoint, Epoch, ProjectionControl } from '../../viewStore.ts';
import { wrongControl, type WrongViewStore } from './wrongViewStore.ts';

/** Checkpoints of a control of its own. @param takes whether one may replace what is saved */
function checkpoints(
  takes: (saved: Checkpoint | undefined, next: Checkpoint, current: boolean) => boolean,
  right: ProjectionControl,
): Pick<ProjectionControl, 'loadCheckpoint' | 'saveCheckpoint'> {
  const saved = new Map<string, Checkpoint>();
  return {
    loadCheckpoint: async (projection) => saved.get(projection),
    async saveCheckpoint(projection, epoch, checkpoint) {
      const current = (await right.currentEpoch(projection))?.epoch === epoch;
      if (!takes(saved.get(projection), checkpoint, current)) return false;
      saved.set(projection, checkpoint);
      return true;
    },
  };
}

/** Checkpoints whose writer is let pass by its epoch, the current one or another. */
function fencing(right: ProjectionControl, passes: (epoch: number, current: number) => boolean) {
  return {
    async saveCheckpoint(projection: string, epoch: number, checkpoint: Checkpoint) {
      const current = await right.currentEpoch(projection);
      if (current === undefined || !passes(epoch, current.epoch)) return false;
      return right.saveCheckpoint(projection, current.epoch, checkpoint);
    },
  };
}

export const WRONG_CONTROLS: readonly WrongViewStore[] = [
  wrongControl(
    'a checkpoint that goes back',
    (right) => checkpoints((_saved, _next, current) => current, right),
    'control › saves checkpoints never backwards',
    'control › lets the checkpoint of another log replace any',
  ),
  wrongControl(
    'a checkpoint that stands in the way of another log',
    (right) =>
      checkpoints((saved, next, current) => current && (saved?.position ?? -1) < next.position, right),
    'control › lets the checkpoint of another log replace any',
  ),
  wrongControl(
    'a checkpoint before the first counted event that counts as none',
    (right) => ({
      async loadCheckpoint(projection) {
        const checkpoint = await right.loadCheckpoint(projection);
        return checkpoint === undefined || checkpoint.index < 0 ? undefined : checkpoint;
      },
    }),
    'control › saves a checkpoint before the first counted event',
  ),
  wrongControl(
    'a lease that does not fence its former owner',
    (right) => fencing(right, (epoch, current) => epoch <= current),
    'control › saves checkpoints only for the current epoch',
  ),
  wrongControl(
    'a lease that lets an owner write that is still to come',
    (right) => fencing(right, (epoch, current) => epoch >= current),
    'control › saves checkpoints only for the current epoch',
  ),
  wrongControl(
    'a claim with a gap between look and write',
    (right) => {
      const claimed = new Map<string, Epoch>();
      return {
        currentEpoch: async (projection) => claimed.get(projection),
        async claimEpoch(projection, owner, epoch) {
          if (epoch !== (claimed.get(projection)?.epoch ?? 0) + 1) return undefined;
          await right.currentEpoch(projection);
          const won = { epoch, owner, beat: 0, released: false };
          claimed.set(projection, won);
          return won;
        },
      };
    },
    'control › gives an epoch to exactly one of many claimants',
  ),
  wrongControl(
    'a claim of any epoch that is to come',
    (right) => ({
      async claimEpoch(projection, owner, epoch) {
        let claimed: Epoch | undefined;
        for (let next = 1; next <= epoch; next += 1)
          claimed = await right.claimEpoch(projection, owner, next);
        return claimed;
      },
    }),
    'control › gives out only the next epoch',
  ),
  wrongControl(
    'a beat that is not counted',
    (right) => ({
      async currentEpoch(projection) {
        const current = await right.currentEpoch(projection);
        return current && { ...current, beat: 0 };
      },
    }),
    'control › beats for the current epoch only',
  ),
  wrongControl(
    'a release that nobody hears of',
    () => ({ release: async () => undefined }),
    'control › marks the current epoch as released, no other',
  ),
  wrongControl(
    'a beat of a former owner',
    (right) => ({
      async beat(projection) {
        const current = await right.currentEpoch(projection);
        return current !== undefined && right.beat(projection, current.epoch);
      },
    }),
    'control › beats for the current epoch only',
  ),
  wrongControl(
    'a release by a former owner',
    (right) => ({
      async release(projection) {
        const current = await right.currentEpoch(projection);
        if (current !== undefined) await right.release(projection, current.epoch);
      },
    }),
    'control › marks the current epoch as released, no other',
  ),
  wrongControl(
    'parked keys that projections share',
    (right) => ({
      park: (entries) => right.park(entries.map((entry) => ({ ...entry, projection: 'all@1' }))),
      unpark: (_projection, keys) => right.unpark('all@1', keys),
      parked: (_projection, page) => right.parked('all@1', page),
      parkedAmong: (_projection, keys) => right.parkedAmong('all@1', keys),
      countParked: () => right.countParked('all@1'),
    }),
    'control › parks keys per projection, replaces and unparks them',
    'control › shows parked keys page by page in order of key, finds those among others, and counts them',
  ),
  wrongControl(
    'a key that stays parked for what it was parked for first',
    (right) => ({
      async park(entries) {
        for (const entry of entries) {
          const [parked] = await right.parkedAmong(entry.projection, [entry.key]);
          if (parked === undefined) await right.park([entry]);
        }
      },
    }),
    'control › parks keys per projection, replaces and unparks them',
  ),
  wrongControl(
    'a checkpoint that loses its counts',
    (right) => ({
      saveCheckpoint: (projection, epoch, { counts: _counts, ...checkpoint }) =>
        right.saveCheckpoint(projection, epoch, checkpoint),
    }),
    'control › keeps the counts of a checkpoint, also those that are saved anew at the same position',
    'counts › equal those over the documents *',
  ),
  wrongControl(
    'a checkpoint that is saved once for a position',
    (right) =>
      checkpoints((saved, next, current) => current && (saved?.position ?? -1) < next.position, right),
    'control › saves checkpoints never backwards',
    'control › keeps the counts of a checkpoint, also those that are saved anew at the same position',
  ),
  wrongControl(
    'a page of parked keys that begins with the last one of the page before',
    (right) => ({
      parked: async (projection, { after, limit }) => {
        const all = await right.parked(projection, { limit: 1_000 });
        const from = after === undefined ? 0 : all.findIndex(({ key }) => key >= after);
        return from < 0 ? [] : all.slice(from, from + limit);
      },
    }),
    'control › shows parked keys page by page in order of key, finds those among others, and counts them',
  ),
  wrongControl(
    'a look among parked keys that takes one for a beginning',
    (right) => ({
      async parkedAmong(projection, keys) {
        const all = await right.parked(projection, { limit: 1_000 });
        return all.filter(({ key }) => keys.some((wanted) => key.startsWith(wanted.slice(0, 3))));
      },
    }),
    'control › shows parked keys page by page in order of key, finds those among others, and counts them',
  ),
  wrongControl(
    'a count of parked keys that knows one page of them',
    (right) => ({
      countParked: async (projection) => (await right.parked(projection, { limit: 1_000 })).length,
    }),
    'control › shows parked keys page by page in order of key, finds those among others, and counts them',
  ),
  wrongControl(
    'a page of as many parked keys as anybody asks for',
    (right) => ({
      parked: (projection, { after, limit }) =>
        right.parked(projection, {
          limit: Math.min(1_000, Math.max(1, Math.trunc(limit))),
          ...(after !== undefined && { after }),
        }),
    }),
    'control › refuses a page of * parked keys',
  ),
];
