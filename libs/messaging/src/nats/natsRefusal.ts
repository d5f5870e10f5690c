/**
 * NATS does not let this user do what this process has to: it has another user, or the permissions of another tenant
 * or release. Nothing that it could wait for.
 */
export class NatsRefusal extends Error {
  override readonly name = 'NatsRefusal';

  /** @param what such as `subscribe to crm.main.ledger.v1.head` */
  constructor(what: string, user: string | undefined) {
    super(
      `NATS does not let ${user === undefined ? 'whoever has no user' : `the user ${user}`} ${what}: ` +
        'give this process the user of its name, its tenant, and the server the authorization.conf of this release (deploy/nats)',
    );
  }
}
