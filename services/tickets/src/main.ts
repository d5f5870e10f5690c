import 'reflect-metadata';
import { runDecidingService } from '@rapport/hosting';
import { TicketsModule } from './ticketsModule.ts';

await runDecidingService('tickets', (runtime) => TicketsModule.with(runtime));
