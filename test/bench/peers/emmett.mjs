// The same commands on Emmett with its PostgreSQL store, written as its documentation shows.
import { CommandHandler, STREAM_DOES_NOT_EXIST } from '@event-driven-io/emmett';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { evolve, metadata, noTicket, openTicket, refusal, respond, serve } from './ticketDesk.mjs';

const connectionString = process.env.DATABASE_URL;
const pool = new pg.Pool({ connectionString, max: Number(process.env.POOL_SIZE) });
const store = getPostgreSQLEventStore(connectionString, { connectionOptions: { pool } });
await store.schema.migrate();

const handleTicket = CommandHandler({ evolve, initialState: noTicket, retry: { onVersionConflict: true } });
const tiers = new Map();

const position = (result) => String(result.lastEventGlobalPosition);

await serve({
  async registerCustomer(body) {
    const id = uuid();
    const at = new Date().toISOString();
    const event = { type: 'CustomerRegistered', data: body, metadata: metadata(uuid(), id, at) };
    const result = await store.appendToStream(`customer-${id}`, [event], {
      expectedStreamVersion: STREAM_DOES_NOT_EXIST,
    });
    tiers.set(id, 'C');
    return { id, position: position(result) };
  },

  async openTicket(body) {
    const tier = tiers.get(body.customerId);
    if (tier === undefined) throw refusal(404, 'there is no such customer');
    const id = uuid();
    const at = new Date().toISOString();
    const result = await handleTicket(store, `ticket-${id}`, () => ({
      ...openTicket(body, tier, at),
      metadata: metadata(uuid(), body.customerId, at),
    }));
    return { id, position: position(result) };
  },

  async respond(id, body) {
    const stream = `ticket-${id}`;
    const commandId = uuid();
    const result = await handleTicket(store, stream, (ticket) => {
      const at = new Date().toISOString();
      const event = respond(ticket, body, stream, commandId, at);
      return { ...event, metadata: metadata(commandId, ticket.customerId, at) };
    });
    return { id, position: position(result) };
  },
});
