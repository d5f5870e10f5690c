import 'reflect-metadata';
import { runDecidingService } from '@rapport/hosting';
import { SatisfactionModule } from './satisfactionModule.ts';

await runDecidingService('satisfaction', (runtime) => SatisfactionModule.with(runtime));
