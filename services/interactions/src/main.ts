import 'reflect-metadata';
import { runDecidingService } from '@rapport/hosting';
import { InteractionsModule } from './interactionsModule.ts';

await runDecidingService('interactions', (runtime) => InteractionsModule.with(runtime));
