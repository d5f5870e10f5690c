// The projector as a next release of it: it knows version 2 of TicketResponded.
import 'reflect-metadata';
import { EVENTS, ticketEvents } from '@rapport/contracts';
import { Upcasters } from '@rapport/event-sourcing';
import { runService } from '@rapport/hosting';
import { startProjector } from '@rapport/service-projector/process';

const { type } = ticketEvents.TicketResponded;
const upcasters = new Upcasters((name) => (name === type ? 2 : EVENTS.get(name)?.version));
upcasters.register(type, 1, (data) => data);
await runService('projector', (host) => startProjector(host, upcasters));
