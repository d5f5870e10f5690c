import 'reflect-metadata';
import { runService } from '@rapport/hosting';
import { startProjector } from './process/startProjector.ts';

await runService('projector', (host) => startProjector(host));
