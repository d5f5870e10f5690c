// An event store of a few SQL statements on PostgreSQL, as a TypeScript team would write it.
import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { evolve, metadata, noTicket, openTicket, refusal, respond, serve } from './ticketDesk.mjs';

const UNIQUE_VIOLATION = '23505';
const ATTEMPTS = 5;

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: Number(process.env.POOL_SIZE) });
await pool.query(`
  CREATE TABLE events (
    position bigserial PRIMARY KEY,
    stream   text        NOT NULL,
    version  integer     NOT NULL,
    id       uuid        NOT NULL,
    type     text        NOT NULL,
    data     jsonb       NOT NULL,
    metadata jsonb       NOT NULL,
    UNIQUE (stream, version)
  )`);

/** Atomic, and refused by the unique key where another writer was faster: the optimistic check in one statement. */
async function append(stream, version, { type, data }, meta) {
  const { rows } = await pool.query({
    name: 'append',
    text: `INSERT INTO events (stream, version, id, type, data, metadata)
           VALUES ($1, $2, $3, $4, $5, $6) RETURNING position`,
    values: [stream, version, uuid(), type, JSON.stringify(data), JSON.stringify(meta)],
  });
  return rows[0].position;
}

async function load(stream) {
  const { rows } = await pool.query({
    name: 'load',
    text: 'SELECT type, data FROM events WHERE stream = $1 ORDER BY version',
    values: [stream],
  });
  return { state: rows.reduce(evolve, noTicket()), version: rows.length };
}

// A read model of what other contexts need to know, held in memory as the product does.
const tiers = new Map();

await serve({
  async registerCustomer(body) {
    const id = uuid();
    const commandId = uuid();
    const at = new Date().toISOString();
    const event = { type: 'CustomerRegistered', data: body };
    const position = await append(`customer-${id}`, 0, event, metadata(commandId, id, at));
    tiers.set(id, 'C');
    return { id, position };
  },

  async openTicket(body) {
    const tier = tiers.get(body.customerId);
    if (tier === undefined) throw refusal(404, 'there is no such customer');
    const id = uuid();
    const commandId = uuid();
    const at = new Date().toISOString();
    const event = openTicket(body, tier, at);
    const position = await append(`ticket-${id}`, 0, event, metadata(commandId, body.customerId, at));
    return { id, position };
  },

  async respond(id, body) {
    const stream = `ticket-${id}`;
    const commandId = uuid();
    for (let attempt = 1; ; attempt += 1) {
      const { state, version } = await load(stream);
      const at = new Date().toISOString();
      const event = respond(state, body, stream, commandId, at);
      try {
        return {
          id,
          position: await append(stream, version, event, metadata(commandId, state.customerId, at)),
        };
      } catch (error) {
        if (error.code !== UNIQUE_VIOLATION || attempt === ATTEMPTS) throw error;
      }
    }
  },
});
