import 'reflect-metadata';
import { runDecidingService } from '@rapport/hosting';
import { ProfilesModule } from './profilesModule.ts';

await runDecidingService('profiles', (runtime, { codec }) => ProfilesModule.with(runtime, { opener: codec }));
