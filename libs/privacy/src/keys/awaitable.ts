/** At hand, or on its way: adapters that can answer at once spare the caller a turn of the event loop. */
export type Awaitable<T> = T | Promise<T>;
