import { COMMANDS, QUERIES, type CommandDefinition } from '@rapport/contracts';
import { DECIDING_SERVICES, SERVICE_NAMES, type ServiceName } from '@rapport/platform';

/**
 * Who connects to NATS: the services; the ledger's relay, on a connection of its own; subscribers outside Rapport;
 * people who repair.
 */
export type NatsUser = ServiceName | 'relay' | 'subscriber' | 'operator';

/** Subjects; a subscription may end in ` queue`, and is then allowed as a member of that queue group only. */
export interface NatsPermissions {
  readonly publish: readonly string[];
  readonly denyPublish?: readonly string[];
  readonly subscribe: readonly string[];
  /** It answers requests: it may publish to the reply subject of what it was sent, and nowhere else. */
  readonly responds: boolean;
}

/** Who answers a query, by the first word of its name; whatever is not here is answered by the projector. */
const QUERIES_OF_THE_LEDGER: readonly string[] = ['events'];

/** Questions between services, which no user asks: name → who asks. The projector answers. */
const INTERNAL_QUERIES: Readonly<Record<string, readonly ServiceName[]>> = {
  'deadlines.due': DECIDING_SERVICES,
  'retries.due': DECIDING_SERVICES,
  'history.entry': ['imports'],
};

/** What the imports answer; no query of the contracts, since rows go in. */
const IMPORTS = 'imports';

/** Commands that recorded deadlines fire inside their own service; nobody may send them. */
const UNSENDABLE = Object.values<CommandDefinition>(COMMANDS).filter(
  ({ permission }) => permission === 'deadlines.fire',
);

/**
 * What subscribers ask the ledger: facts that have left the stream. They ask `ledger.v1`, and the ledger hears it as
 * `history.v1`: so it knows them from services, whose places they must not take, and they cannot choose.
 */
const HISTORY = ['head', 'read-after', 'read-counted'];

/** Reading through JetStream; what is read is only what streams hold, and facts are all that they hold. */
const READ_FACTS = [
  '$JS.API.INFO',
  '$JS.API.STREAM.NAMES',
  '$JS.API.STREAM.INFO.*',
  '$JS.API.CONSUMER.CREATE.>',
  '$JS.API.CONSUMER.DURABLE.CREATE.>',
  '$JS.API.CONSUMER.INFO.*.*',
  '$JS.API.CONSUMER.MSG.NEXT.*.*',
  '$JS.ACK.>',
];

/** What the relay does: keep its stream, read its tail. Deleting and purging are for people. */
const KEEP_STREAM = [
  '$JS.API.INFO',
  '$JS.API.STREAM.NAMES',
  '$JS.API.STREAM.INFO.*',
  '$JS.API.STREAM.CREATE.*',
  '$JS.API.STREAM.UPDATE.*',
  '$JS.API.STREAM.MSG.GET.*',
  '$JS.API.DIRECT.GET.>',
];

/** The permissions of every NATS user: each only its own subjects. This table is all that there is. */
export function natsPermissions(tenant: string): Readonly<Record<NatsUser, NatsPermissions>> {
  const at = (subject: string) => `crm.${tenant}.${subject}`;
  const inbox = (user: NatsUser) => `_INBOX.${user}.>`;
  const serves = (service: ServiceName, subjects: readonly string[]) =>
    subjects.map((subject) => `${at(subject)} ${service}`);
  const internal = (service: ServiceName) =>
    Object.entries(INTERNAL_QUERIES)
      .filter(([, askers]) => askers.includes(service))
      .map(([name]) => at(`queries.v1.${name}`));
  const deciding = (service: (typeof DECIDING_SERVICES)[number]): NatsPermissions => ({
    publish: [at('ledger.v1.*'), ...internal(service)],
    subscribe: [inbox(service), ...serves(service, [`commands.v1.${service}.*`])],
    responds: true,
  });
  return {
    gateway: {
      publish: [
        ...contexts().map((context) => at(`commands.v1.${context}.*`)),
        ...[...topics(), IMPORTS].map((topic) => at(`queries.v1.${topic}.*`)),
        at('ledger.v1.head'),
      ],
      denyPublish: UNSENDABLE.map(({ name }) => at(`commands.v1.${name}`)),
      subscribe: [inbox('gateway')],
      responds: false,
    },
    profiles: deciding('profiles'),
    interactions: deciding('interactions'),
    tickets: deciding('tickets'),
    risk: deciding('risk'),
    satisfaction: deciding('satisfaction'),
    imports: {
      publish: [
        ...contexts().map((context) => at(`commands.v1.${context}.*`)),
        at('queries.v1.customers.list'),
        ...internal('imports'),
        at('ledger.v1.head'),
      ],
      denyPublish: UNSENDABLE.map(({ name }) => at(`commands.v1.${name}`)),
      subscribe: [inbox('imports'), ...serves('imports', [`queries.v1.${IMPORTS}.*`])],
      responds: true,
    },
    ledger: {
      publish: [],
      subscribe: [
        inbox('ledger'),
        ...serves('ledger', [
          'ledger.v1.*',
          'history.v1.*',
          ...QUERIES_OF_THE_LEDGER.map((topic) => `queries.v1.${topic}.*`),
        ]),
      ],
      responds: true,
    },
    projector: {
      publish: [at('ledger.v1.*')],
      denyPublish: [at('ledger.v1.record')],
      subscribe: [
        inbox('projector'),
        ...serves('projector', [
          ...topics()
            .filter((topic) => !QUERIES_OF_THE_LEDGER.includes(topic))
            .map((topic) => `queries.v1.${topic}.*`),
          ...Object.keys(INTERNAL_QUERIES).map((name) => `queries.v1.${name}`),
        ]),
      ],
      responds: true,
    },
    relay: { publish: [at('facts.v1.>'), ...KEEP_STREAM], subscribe: [inbox('relay')], responds: false },
    subscriber: {
      publish: [...HISTORY.map((verb) => at(`ledger.v1.${verb}`)), ...READ_FACTS],
      subscribe: [inbox('subscriber')],
      responds: false,
    },
    operator: { publish: ['$JS.API.>', '$JS.ACK.>'], subscribe: [inbox('operator')], responds: false },
  };
}

/** Users of one account hear each other; another account's hear only what is exported to them. */
export interface NatsAccount {
  readonly name: string;
  readonly jetStream: boolean;
  readonly users: readonly NatsUser[];
  /** Requests that the account SUBSCRIBERS may send. */
  readonly exports: readonly NatsExport[];
}

export interface NatsExport {
  readonly subject: string;
  /** What the importing account calls it, where that is another name. */
  readonly importedAs?: string;
  /** One request is answered by many messages. */
  readonly streamed: boolean;
}

/**
 * Three accounts, because permissions alone do not keep facts apart: who may send a request names the subject that
 * is answered to, and the answer of a service or of JetStream may go where the asker himself may not publish, into
 * the facts too. Between accounts an answer stays on the side of the one who asked.
 */
export function natsAccounts(tenant: string): readonly NatsAccount[] {
  const history = HISTORY.map((verb) => ({
    subject: `crm.${tenant}.history.v1.${verb}`,
    importedAs: `crm.${tenant}.ledger.v1.${verb}`,
    streamed: false,
  }));
  const facts = READ_FACTS.map((subject) => ({ subject, streamed: subject.includes('.MSG.NEXT.') }));
  return [
    { name: 'RAPPORT', jetStream: false, users: SERVICE_NAMES, exports: history },
    { name: 'FACTS', jetStream: true, users: ['relay', 'operator'], exports: facts },
    { name: 'SUBSCRIBERS', jetStream: false, users: ['subscriber'], exports: [] },
  ];
}

/** The contexts that serve commands, in the order of the contracts. */
function contexts(): readonly string[] {
  return [...new Set(Object.values<CommandDefinition>(COMMANDS).map(({ context }) => context))];
}

/** First words of the queries' names. */
function topics(): readonly string[] {
  return [...new Set(Object.keys(QUERIES).map((name) => name.split('.')[0]!))];
}
