import {
  natsAccounts,
  natsPermissions,
  type NatsAccount,
  type NatsExport,
  type NatsPermissions,
} from './natsPermissions.ts';

/** How long a reply may follow a request: longer than any request waits for one. */
const REPLY_WITHIN = '2m';
/** Nest answers in one message, or in a second one that only says that it was the last. */
const REPLIES = 2;
const IMPORTING = 'SUBSCRIBERS';

/**
 * Text of deploy/nats/authorization.conf: accounts, users and permissions in the syntax of nats-server. Passwords are
 * variables of passwords.conf, which lies beside it and is no part of the repository.
 */
export function natsAuthorization(tenant: string): string {
  const accounts = natsAccounts(tenant);
  const imports = accounts.flatMap(({ name, exports }) => exports.map((one) => importLine(name, one)));
  return `# Generated from libs/messaging/src/permissions/natsPermissions.ts for the tenant «${tenant}» by
# npm run generate:nats. Who may publish and subscribe what: change it there.

# <user>_password: "…" for every user; see deploy/nats/README.md.
include ./passwords.conf

accounts {
${accounts.map((account) => accountBlock(account, tenant, account.name === IMPORTING ? imports : [])).join('\n')}
}
`;
}

function accountBlock(
  { name, jetStream, users, exports }: NatsAccount,
  tenant: string,
  imports: string[],
): string {
  const permissions = natsPermissions(tenant);
  return [
    `  ${name} {`,
    ...(jetStream ? ['    jetstream: enabled'] : []),
    ...block('exports', exports.map(exportLine)),
    ...block('imports', imports),
    ...block(
      'users',
      users.map((user) => userBlock(user, permissions[user])),
    ),
    '  }',
  ].join('\n');
}

function block(name: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`    ${name}: [`, ...lines, '    ]'];
}

function exportLine({ subject, streamed }: NatsExport): string {
  const type = streamed ? ', response_type: stream' : '';
  return `      { service: "${subject}"${type}, accounts: [${IMPORTING}] }`;
}

function importLine(account: string, { subject, importedAs }: NatsExport): string {
  const to = importedAs === undefined ? '' : `, to: "${importedAs}"`;
  return `      { service: { account: ${account}, subject: "${subject}" }${to} }`;
}

function userBlock(
  user: string,
  { publish, denyPublish = [], subscribe, responds }: NatsPermissions,
): string {
  const lines = [
    // Said outright: an empty list reads like «nothing said».
    publish.length > 0
      ? `publish: { allow: ${list(publish)}${denied(denyPublish)} }`
      : 'publish: { deny: ">" }',
    `subscribe: { allow: ${list(subscribe)} }`,
    ...(responds ? [`allow_responses: { max: ${REPLIES}, expires: "${REPLY_WITHIN}" }`] : []),
  ];
  return `      {
        user: ${user}
        password: $${user}_password
        permissions: {
${lines.map((line) => indented(line, '          ')).join('\n')}
        }
      }`;
}

function denied(subjects: readonly string[]): string {
  return subjects.length > 0 ? `, deny: ${list(subjects)}` : '';
}

function list(subjects: readonly string[]): string {
  return `[\n${subjects.map((subject) => `  "${subject}"`).join('\n')}\n]`;
}

function indented(text: string, by: string): string {
  return text
    .split('\n')
    .map((line) => `${by}${line}`)
    .join('\n');
}
