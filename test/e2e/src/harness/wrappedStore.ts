import type { EventStore } from '@rapport/event-store';

type Methods = { readonly [K in keyof EventStore]?: (inner: EventStore) => EventStore[K] };

/** An event store some of whose methods a test replaces, to make it slow, forgetful or contrary. */
export function wrappedStore(inner: EventStore, methods: Methods): EventStore {
  return new Proxy(inner, {
    get(target, name: keyof EventStore) {
      const own = methods[name];
      if (own !== undefined) return own(target);
      const method = target[name];
      return typeof method === 'function' ? method.bind(target) : method;
    },
  });
}
