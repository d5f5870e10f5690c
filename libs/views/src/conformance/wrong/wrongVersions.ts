import { projectionId } from '../../viewStore.ts';
import { withFault } from '@rapport/platform/conformance';
import { wrongViewStore, type WrongViewStore } from './wrongViewStore.ts';

export const WRONG_VERSIONS: readonly WrongViewStore[] = [
  wrongViewStore(
    'versions that share their documents',
    (right) => ({
      async open(definition) {
        await right.open(definition);
        return right.open({ ...definition, version: 1 });
      },
    }),
    'versions › keeps versions apart',
  ),
  wrongViewStore(
    'a view that is made anew when its indexes change',
    (right) => {
      const indexes = new Map<string, string>();
      return {
        async open(definition) {
          const view = await right.open(definition);
          const [id, asked] = [projectionId(definition), JSON.stringify(definition.indexes)];
          if ((indexes.get(id) ?? asked) !== asked) await view.clear();
          indexes.set(id, asked);
          return view;
        },
      };
    },
    'versions › opens what is there, also with other indexes',
    'compared with the model › answers every write and every query alike',
  ),
  wrongViewStore(
    'a switch that only goes forwards',
    (right) => ({
      async switchTo(view, version) {
        const { live = 0 } = await right.versions(view);
        if (version > live) await right.switchTo(view, version);
      },
    }),
    'versions › switches to a version and back',
  ),
  wrongViewStore(
    'a switch that forgets the former version',
    (right) => ({
      async versions(view) {
        const { live, all } = await right.versions(view);
        return { live, all };
      },
    }),
    'versions › says which version is kept beside the live one: a build, after a switch the former one',
  ),
  wrongViewStore(
    'a switch to a version that nobody built',
    (right) => ({ switchTo: (view, version) => right.switchTo(view, version).catch(() => undefined) }),
    'versions › switches only to what exists and drops only what is not live',
  ),
  wrongViewStore(
    'a version kept beside that nobody built, or that is live',
    (right) => ({ keepBeside: (view, version) => right.keepBeside(view, version).catch(() => undefined) }),
    'versions › says which version is kept beside the live one: a build, after a switch the former one',
  ),
  wrongViewStore(
    'a drop of the live version',
    (right) => ({ drop: (view, version) => right.drop(view, version).catch(() => undefined) }),
    'versions › switches only to what exists and drops only what is not live',
  ),
  wrongViewStore(
    'a drop that leaves the documents',
    () => ({ drop: async () => undefined }),
    'versions › drops documents, checkpoint and parked keys; the same version starts from nothing',
  ),
  wrongViewStore(
    'a drop that leaves the checkpoint',
    (right) => ({
      async drop(view, version) {
        const id = projectionId({ name: view, version });
        const checkpoint = await right.control.loadCheckpoint(id);
        const epoch = await right.control.currentEpoch(id);
        await right.drop(view, version);
        if (checkpoint !== undefined) await right.control.saveCheckpoint(id, epoch!.epoch, checkpoint);
      },
    }),
    'versions › drops documents, checkpoint and parked keys; the same version starts from nothing',
  ),
  wrongViewStore(
    'a drop that lets its former owner write again',
    (right) => {
      const dropped = new Set<string>();
      return {
        async drop(view, version) {
          await right.drop(view, version);
          dropped.add(projectionId({ name: view, version }));
        },
        control: withFault(right.control, {
          currentEpoch: async (id) => (dropped.has(id) ? undefined : right.control.currentEpoch(id)),
        }),
      };
    },
    'versions › drops documents, checkpoint and parked keys; the same version starts from nothing',
  ),
  wrongViewStore(
    'a definition that is made to fit',
    (right) => ({
      open: (definition) =>
        right.open(definition).catch(() => right.open({ name: 'fitting', version: 1, indexes: [] })),
    }),
    'versions › refuses *',
  ),
];
