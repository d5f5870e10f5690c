import type { KurrentDBClient } from '@kurrent/kurrentdb-client';

/** Answers as they are. */
const IDENTITY = 'identity';

/** What of the client and of grpc-js is reached into; every part is looked for before it is used. */
interface Channel {
  close(): void;
  readonly internalChannel?: { filterStackFactory?: FilterStackFactory };
}
interface WithChannel {
  getChannel: () => Promise<Channel>;
}
interface FilterStackFactory {
  createFilter(): { sendMetadata(metadata: Promise<Headers>): Promise<Headers> };
  clone(): FilterStackFactory;
}
interface Headers {
  set(name: string, value: string): void;
}

/**
 * Makes the client's channel refuse compressed answers. The server gzips every answer to whoever accepts it, which
 * costs a factor of 5 to 10 on subscriptions and of up to 2.5 on appends (toolchain.md). grpc-js always accepts
 * gzip and has no option against it, and the client makes its own channel; so the header is overwritten after
 * grpc-js' own filters have set it. Where a later grpc-js is built otherwise nothing is changed: slower, not wrong.
 *
 * Reads go through the client's Rust half and are not concerned.
 */
export function refuseCompression(client: KurrentDBClient): void {
  const inner = client as unknown as WithChannel;
  const original = inner.getChannel;
  const refused = new WeakSet<Channel>();
  inner.getChannel = async () => {
    const channel = await original();
    if (!refused.has(channel)) {
      refused.add(channel);
      refuseOn(channel);
    }
    return channel;
  };
}

/** Closes the client's channel: the client itself has no way to. */
export async function closeChannel(client: KurrentDBClient): Promise<void> {
  (await (client as unknown as WithChannel).getChannel()).close();
}

function refuseOn(channel: Channel): void {
  const internal = channel.internalChannel;
  const factory = internal?.filterStackFactory;
  if (internal === undefined || typeof factory?.clone !== 'function') return;
  internal.filterStackFactory = refusing(factory);
}

/** Each call clones the channel's factory. */
function refusing(factory: FilterStackFactory): FilterStackFactory {
  const clone = factory.clone.bind(factory);
  const createFilter = factory.createFilter.bind(factory);
  factory.clone = () => refusing(clone());
  factory.createFilter = () => {
    const stack = createFilter();
    const sendMetadata = stack.sendMetadata.bind(stack);
    stack.sendMetadata = async (metadata) => {
      const headers = await sendMetadata(metadata);
      headers.set('grpc-accept-encoding', IDENTITY);
      return headers;
    };
    return stack;
  };
  return factory;
}
