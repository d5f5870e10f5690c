import {
  AuthorizationError,
  connect,
  PermissionViolationError,
  usernamePasswordAuthenticator,
  type ConnectionOptions,
  type NatsConnection,
} from '@nats-io/transport-node';
import { systemRandom, systemTimers, type Random, type Timers } from '@rapport/platform';

export interface NatsSettings {
  /** `nats://host:port` or `tls://host:port`, any of one cluster; with one `tls://`, none is spoken to without TLS. */
  readonly servers: readonly string[];
  /** Names the connection, the queue group of its servers and its inboxes `_INBOX.<service>`. */
  readonly service: string;
  readonly tenant: string;
  readonly user?: string;
  /** Asked at every connect, so that an exchanged secret is taken up. */
  readonly password?: () => string;
  /** Certificates of the authority that signed the servers', PEM. */
  readonly ca?: string;
  /** A server that leaves two pings unanswered is given up, as it may be frozen; default 3,000 ms apart. */
  readonly pingIntervalMs?: number;
}

/** `connecting`: never connected yet. `disconnected`: was, and will be again. */
export type LinkStatus = 'connecting' | 'connected' | 'disconnected' | 'closed';

export interface LinkPorts {
  readonly timers?: Timers;
  readonly random?: Pick<Random, 'bytes'>;
  /** Tells the operator what only he can mend: a refused user, a missing permission. */
  readonly report?: (what: string, details: Readonly<Record<string, unknown>>) => void;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
const PING_INTERVAL_MS = 3_000;
const CONNECT_TIMEOUT_MS = 3_000;
const DRAIN_MS = 2_000;

/** What a link reports, and only a setting or the server can mend. */
export const NOT_REACHED = 'NATS cannot be reached';
export const USER_REFUSED = 'NATS refuses the user';

/**
 * One connection to NATS, shared by everything in a process that talks over it. Connects and reconnects for ever,
 * with growing pauses; says whether it is there, for readiness.
 */
export class NatsLink {
  #status: LinkStatus = 'connecting';
  #connection: NatsConnection | undefined;
  #failures = 0;
  readonly #closing = new AbortController();
  readonly #listeners = new Set<(status: LinkStatus) => void>();
  readonly #refusals = new Set<(subject: string) => void>();
  readonly #timers: Timers;
  readonly #random: Pick<Random, 'bytes'>;
  readonly #report: NonNullable<LinkPorts['report']>;
  readonly #first: Promise<NatsConnection>;

  /** Begins to connect. */
  constructor(
    readonly settings: NatsSettings,
    { timers = systemTimers, random = systemRandom, report = () => undefined }: LinkPorts = {},
  ) {
    this.#timers = timers;
    this.#random = random;
    this.#report = report;
    this.#first = this.#connect();
    // Whoever waits for it is told; that nobody waits is no failure.
    this.#first.catch(() => undefined);
  }

  get status(): LinkStatus {
    return this.#status;
  }

  /** The connection while it is up; undefined while nothing can be sent. */
  get up(): NatsConnection | undefined {
    return this.#status === 'connected' ? this.#connection : undefined;
  }

  /** Resolves with the connection once there has been one; rejects when the link is closed before. */
  connected(): Promise<NatsConnection> {
    return this.#first;
  }

  /** @returns how to listen no more */
  onStatus(listener: (status: LinkStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls back with each subject that the server does not let this user publish to. */
  onRefusedPublish(listener: (subject: string) => void): () => void {
    this.#refusals.add(listener);
    return () => this.#refusals.delete(listener);
  }

  /** Sends what is still to be sent and closes. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new Error('the connection to NATS is closed'));
    const connection = await this.#first.catch(() => undefined);
    if (this.#status === 'connected') await this.#drain(connection!);
    await connection?.close();
    this.#become('closed');
  }

  /** As far as the server answers: it may be gone or frozen without our having noticed. */
  async #drain(connection: NatsConnection): Promise<void> {
    const drained = connection.drain().catch(() => undefined);
    let cancel = (): void => undefined;
    const late = new Promise<void>((resolve) => (cancel = this.#timers.schedule(DRAIN_MS, resolve)));
    await Promise.race([drained, late]);
    cancel();
  }

  async #connect(): Promise<NatsConnection> {
    const { signal } = this.#closing;
    for (;;) {
      try {
        const connection = await connect(this.#options());
        if (signal.aborted) {
          await connection.close();
          break;
        }
        this.#connection = connection;
        void this.#watch(connection);
        this.#become('connected');
        return connection;
      } catch (error) {
        this.#failures += 1;
        this.#report(...this.#reasonOf(error as Error));
        await this.#timers.sleep(this.#pause(), signal).catch(() => undefined);
        if (signal.aborted) break;
      }
    }
    throw signal.reason;
  }

  #options(): ConnectionOptions & { readonly tls?: { readonly ca?: string } } {
    const { servers, service, user, password, ca, pingIntervalMs = PING_INTERVAL_MS } = this.settings;
    // The client drops the scheme: TLS is then the server's to offer, and the password goes out in clear where it does not.
    const encrypted = ca !== undefined || servers.some((server) => server.startsWith('tls://'));
    return {
      servers: [...servers],
      name: service,
      inboxPrefix: `_INBOX.${service}`,
      ...(user !== undefined && { authenticator: usernamePasswordAuthenticator(() => user, password) }),
      ...(encrypted && { tls: ca === undefined ? {} : { ca } }),
      timeout: CONNECT_TIMEOUT_MS,
      pingInterval: pingIntervalMs,
      maxPingOut: 2,
      maxReconnectAttempts: -1,
      reconnectDelayHandler: () => this.#pause(),
      // A user that is refused today may be known tomorrow: secrets are exchanged while processes run.
      ignoreAuthErrorAbort: true,
      // A stack for each request costs half of what a request costs.
      noAsyncTraces: true,
    };
  }

  /** Grows with the failures in a row; spread, so that a whole fleet does not come back in one moment. */
  #pause(): number {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(this.#failures, 10), LONGEST_PAUSE_MS);
    return Math.round(pause * (0.5 + this.#random.bytes(1)[0]! / 512));
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      switch (status.type) {
        case 'disconnect':
          this.#become('disconnected');
          break;
        case 'reconnecting':
          this.#failures += 1;
          break;
        case 'reconnect':
          this.#failures = 0;
          this.#become('connected');
          break;
        case 'error':
          this.#failed(status.error);
          break;
        default:
      }
    }
    if (this.#closing.signal.aborted) return;
    // By its options it never gives up.
    this.#report('the connection to NATS ended for good', {});
    this.#become('closed');
  }

  #failed(error: Error): void {
    this.#report(...(error instanceof AuthorizationError ? this.#reasonOf(error) : refusal(error)));
    if (!(error instanceof PermissionViolationError) || error.operation !== 'publish') return;
    for (const listener of this.#refusals) listener(error.subject);
  }

  #reasonOf(error: Error): [what: string, details: Readonly<Record<string, unknown>>] {
    const { servers, user } = this.settings;
    if (error instanceof AuthorizationError) return [USER_REFUSED, { user, error: error.message }];
    // An address may hold a user and a password.
    const places = servers.map((server) => server.replace(/\/\/[^/@]*@/, '//'));
    return [NOT_REACHED, { servers: places, error: error.message }];
  }

  #become(status: LinkStatus): void {
    if (status === this.#status || this.#status === 'closed') return;
    this.#status = status;
    if (status === 'connected') this.#failures = 0;
    for (const listener of this.#listeners) listener(status);
  }
}

function refusal(error: Error): [what: string, details: Readonly<Record<string, unknown>>] {
  return ['NATS refuses', { error: error.message }];
}
